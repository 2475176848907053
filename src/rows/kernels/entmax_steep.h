// SPDX-License-Identifier: Apache-2.0
// Entmax for alpha > 2. With a = alpha - 1 > 1, w^(1 / a) is steep at 0: there an error of w, which
// the rounding of a threshold is, shows in y. So the unknown is p, the y of the smallest entry s
// that has one, and y_i = (p^a + a (x_i - x_s))^(1 / a): only positive terms, and an error of the
// sum is at most as large in each y.
#if defined(ACTFN_ROWS_KERNELS_ENTMAX_STEEP_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_ROWS_KERNELS_ENTMAX_STEEP_H_
#undef ACTFN_ROWS_KERNELS_ENTMAX_STEEP_H_
#else
#define ACTFN_ROWS_KERNELS_ENTMAX_STEEP_H_
#endif

#include "rows/kernels/candidates.h"
#include "rows/kernels/powers.h"
#include "rows/kernels/softmax_wide.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// Powers are computed of w 2^kPowerLift, so that small w keep their precision.
constexpr double kPowerLift = 800;

struct Steep {
  double a;
  double least;  // x_s
  double p = 0;

  // p^a 2^kPowerLift. Where this is 0 it is nothing beside any a (x_i - x_s) > 0.
  double LiftedPower() const {
    if (p == 0) return 0;
    ScaledPair<1> power = ExpOf(Pair<1>::Product(LogOf(Wide1(p)), a));
    power.n = power.n + kPowerLift;
    return FirstOf(Round(power));
  }
};

// w 2^kPowerLift and y of entries above x_s; 1 for other entries.
template <class T>
struct SteepTerms {
  double least, factor, power;
  PowerScale scale;

  explicit SteepTerms(const Steep& f)
      : least(f.least),
        factor(f.a * 0x1p800),
        power(f.LiftedPower()),
        scale{1 / f.a, 0, kPowerLift} {}

  HWY_INLINE Doubles Lifted(const Doubles& x) const {
    return Select(x > least, Fma(x - least, factor, power), Doubles(1));
  }
  HWY_INLINE Doubles Power(const Doubles& w) const { return PowersOf<T>(w, Doubles(0), scale); }
};

// With the entries from `least` on as the support: the sum of y above it, that times dy/dp, and how
// many entries equal `least` and exceed it.
struct SteepSums {
  double value, slope, equal, above;
};

template <class T>
HWY_NOINLINE SteepSums SumsAt(const Steep& f, const T* x, std::size_t n) {
  const SteepTerms<T> terms(f);
  Sums<double> value, slope, equal, above;
  const auto body = [&](const auto& from, const auto&, const Place& place) HWY_ATTR {
    const auto at = LoadLanes<Doubles>(from[0]);
    const auto exceeds = at > f.least;
    equal.At(place) = equal.At(place) + SelectOrZero(at == f.least, Doubles(1));
    if (!AnyOf(exceeds)) return;
    const Doubles w = terms.Lifted(at);
    const Doubles y = SelectOrZero(exceeds, terms.Power(w));
    value.At(place) = value.At(place) + y;
    slope.At(place) = Fma(y, terms.power / w, slope.At(place));
    above.At(place) = above.At(place) + SelectOrZero(exceeds, Doubles(1));
  };
  ForRow<T, 1, 0>({x}, {}, n, static_cast<T>(-kInfinity), body);
  return {value.Total(), slope.Total(), equal.Total(), above.Total()};
}

// The entries between `out`, which is below the support, and `in`, which is in it, that are nearest
// to `middle`.
struct Between {
  double out, in, middle;
  double max, a;

  template <class T>
  HWY_NOINLINE double Nearest(const T* x, std::size_t n) const {
    Doubles above = kInfinity, below = -kInfinity;
    const auto body = [&](const auto& from, const auto&, const Place&) HWY_ATTR {
      const auto at = LoadLanes<Doubles>(from[0]);
      const auto open = And(And(at > out, at < in), (max - at) * a < 1);
      above = Min(above, Select(And(open, at >= middle), at, Doubles(kInfinity)));
      below = Max(below, Select(And(open, at < middle), at, Doubles(-kInfinity)));
    };
    ForRow<T, 1, 0>({x}, {}, n, static_cast<T>(-kInfinity), body);
    double all[kRowLanes];
    StoreLanes(above, all);
    const double up = TreeOf<kRowLanes>(all, [](double p, double q) { return std::min(p, q); });
    if (up < kInfinity) return up;
    StoreLanes(below, all);
    return TreeOf<kRowLanes>(all, [](double p, double q) { return std::max(p, q); });
  }
};

// The smallest entry with a y: the sum of y is less than 1 where its own y is 0. By bisection of
// the distances from the largest entry: in their magnitude first.
template <class T>
SteepSums FindSupport(Steep& f, double max, const T* x, std::size_t n) {
  Between between = {-kInfinity, max, max, max, f.a};
  f = {f.a, max};
  SteepSums sums = SumsAt(f, x, n);
  while (true) {
    const double far = std::min(1 / f.a, max - between.out);
    const double near = std::max(max - between.in, 0x1p-1000);
    between.middle =
        far > 4 * near ? max - std::sqrt(far) * std::sqrt(near) : max - far + (far - near) / 2;
    const double x_s = between.Nearest(x, n);
    if (!(x_s > -kInfinity)) return sums;
    const Steep tried = {f.a, x_s};
    const SteepSums more = SumsAt(tried, x, n);
    if (more.value < 1) {
      f = tried;
      sums = more;
      between.in = x_s;
    } else {
      between.out = x_s;
    }
  }
}

// Solves for p by Newton's method from above: each y is convex in p. Returns the sum of y.
template <class T>
double FindLeast(Steep& f, SteepSums sums, const T* x, std::size_t n) {
  f.p = std::min((1 - sums.value) / sums.equal, 1 / (sums.equal + sums.above));
  double sum = 1;
  for (double last = kInfinity;;) {
    sums = SumsAt(f, x, n);
    sum = sums.value + sums.equal * f.p;
    const double excess = sum - 1;
    if (!(excess > 0x1p-51) || !(excess < last)) return sum;
    last = excess;
    f.p = f.p * (1 - excess / (sums.slope + sums.equal * f.p));
  }
}

template <class T>
void EntmaxSteep(double alpha, double max, const T* x, T* y, std::size_t n) {
  Steep f = {alpha - 1, max};
  const Candidates<T> candidates(max, 1 / f.a, x, n);
  const SteepSums sums = FindSupport(f, max, candidates.x(), candidates.size());
  const double sum = FindLeast(f, sums, candidates.x(), candidates.size());
  const SteepTerms<T> terms(f);
  const Doubles least = f.p / sum, inverse = 1 / sum;
  ForRow<T, 1, 1>({x}, {y}, n, T(0), [&](const auto& from, const auto& to, const Place&) HWY_ATTR {
    const auto at = LoadLanes<Doubles>(from[0]);
    const auto exceeds = at > f.least;
    Doubles values = SelectOrZero(at == f.least, least);
    if (AnyOf(exceeds)) {
      const Doubles w = terms.Lifted(at);
      values = Select(exceeds, terms.Power(w) * inverse, values);
    }
    StoreLanes(values, to[0]);
  });
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
