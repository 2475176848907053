// SPDX-License-Identifier: Apache-2.0
// Entmax for 1 < alpha < 2. With a = alpha - 1, an error of w = a (x - max) - tau is 1 / a times as
// large in w^(1 / a). So the unknown is mu, the logarithm of the largest y, and
// y_i = e^mu (1 + a (x_i - max) e^(-a mu))^(1 / a): an error of the sum is at most as large in each
// y.
#if defined(ACTFN_ROWS_KERNELS_ENTMAX_SMOOTH_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_ROWS_KERNELS_ENTMAX_SMOOTH_H_
#undef ACTFN_ROWS_KERNELS_ENTMAX_SMOOTH_H_
#else
#define ACTFN_ROWS_KERNELS_ENTMAX_SMOOTH_H_
#endif

#include "math/log.h"
#include "rows/kernels/candidates.h"
#include "rows/kernels/powers.h"
#include "rows/kernels/single_powers.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

struct Smooth {
  double a, max;
  double mu = 0;

  // a e^(-a mu)
  double Scale() const { return a * FirstOf(Round(ExpOf(Pair<1>(-a * mu)))); }
};

// The sums of y, y / w, y / w^2 and y / w^3, with w = 1 + a (x - max) e^(-a mu): the second is the
// derivative of the first by mu, the others decide the derivatives of that.
struct SmoothSums {
  double y, first, second, third;
};

// y and w, 0 and 1 where w would not be positive.
template <class V>
struct SmoothTerms {
  V y, w;
};

// In doubles.
template <class T>
class SmoothCurve {
 public:
  using Number = double;
  using V = Doubles;
  explicit SmoothCurve(const Smooth& f) : max_(f.max), scale_(f.Scale()), powers_{1 / f.a, f.mu} {}

  // w, or 1.
  HWY_INLINE V BaseAt(const T* x) const {
    const V z = (LoadLanes<V>(x) - V(max_)) * V(scale_);
    return SelectOrZero(z > -1, z) + 1;
  }
  HWY_INLINE SmoothTerms<V> At(const T* x) const {
    const V z = (LoadLanes<V>(x) - V(max_)) * V(scale_);
    const auto inside = z > -1;
    if (!AnyOf(inside)) return {0, 1};
    const V t = SelectOrZero(inside, z);
    const V w = t + 1;
    return {SelectOrZero(inside, PowersOf<T>(w, t - (w - 1), powers_)), w};
  }

 private:
  double max_, scale_;
  PowerScale powers_;
};

// In float32. Errors: 2^-22 of the exponent in y.
class SingleSmoothCurve {
 public:
  using Number = float;
  using V = Floats;
  explicit SingleSmoothCurve(const Smooth& f)
      : max_(f.max), scale_(f.Scale()), power_(1 / f.a), mu_(f.mu) {}

  HWY_INLINE SmoothTerms<V> At(const float* x) const {
    const V z = (LoadLanes<V>(x) - V(max_)) * V(scale_);
    const auto inside = z > -1;
    const V t = SelectOrZero(inside, z);
    const V w = t + 1;
    const V log = LogOfSum(w, t - (w - 1));
    return {SelectOrZero(inside, ExpDown(Max(Fma(log, power_, mu_), -kCleanReach))), w};
  }

 private:
  double max_, scale_, power_, mu_;
};

// Two arrays `out`, if given, get each y as hi + lo.
template <class Curve, class T, std::size_t outputs = 0>
HWY_NOINLINE SmoothSums SumsOf(const Curve& curve, const T* x, std::size_t n,
                               const std::array<T*, outputs>& out = {}) {
  Sums<typename Curve::Number> y, first, second, third;
  const auto body = [&](const auto& from, const auto& to, const Place& place) HWY_ATTR {
    const auto terms = curve.At(from[0]);
    if constexpr (outputs == 2) {
      // In 24 bits. Not by reading to[0] again: for EMU128, GCC 12 leaves out its rounding.
      const auto scaled = terms.y * 0x20000001p0;
      const auto hi = scaled - (scaled - terms.y);
      StoreLanes(hi, to[0]);
      StoreLanes(terms.y - hi, to[1]);
    }
    const auto inverse = 1 / terms.w;
    const auto by_w = terms.y * inverse;
    const auto by_square = by_w * inverse;
    y.At(place) = y.At(place) + terms.y;
    first.At(place) = first.At(place) + by_w;
    second.At(place) = second.At(place) + by_square;
    third.At(place) = Fma(by_square, inverse, third.At(place));
  };
  ForRow<T, 1, outputs>({x}, out, n, static_cast<T>(-kInfinity), body);
  return {y.Total(), first.Total(), second.Total(), third.Total()};
}

// log(1 + x) for -1 < x <= 0.4.
HWY_INLINE double ScalarLog1p(double x) {
  return FirstOf(x < -0.25 ? LogOf(Wide1(1 + x)) : Log1pOf(Wide1(x)));
}

// Newton's step of e^(a mu) for the sum to the power of a, which is convex and nearly linear in it:
// from mu = 0 on, steps never pass the solution.
[[maybe_unused]] double NewtonStep(double a, const SmoothSums& sums, double log) {
  const double fall = std::min(-a * log, 0.5);
  return ScalarLog1p(FirstOf(Round(Expm1Down(Pair<1>(fall)))) * (sums.y / sums.first)) / a;
}

// Halley's step for log(sum), near the solution: its error is that of the start to the third power.
[[maybe_unused]] double HalleyStep(double a, const SmoothSums& sums, double log) {
  const double slope = sums.first / sums.y;
  const double curve = ((1 - a) * sums.second + a * sums.first) / sums.y - slope * slope;
  const double step = log / slope;
  return -step / (1 - step * curve / (2 * slope));
}

// Up to here the terms' curvature has bounds, up to `kSmoothest` its derivative, too.
constexpr double kSmooth = 1.0 / 2;
constexpr double kSmoothest = 1.0 / 3;

[[maybe_unused]] double StepOf(double a, const SmoothSums& sums) {
  const double log = FirstOf(LogOf(Wide1(sums.y)));
  const double step = NewtonStep(a, sums, log);
  return a <= kSmooth && std::abs(step) < 0.25 ? HalleyStep(a, sums, log) : step;
}

// To about 2^-18.
template <class T>
void FindNearly(Smooth& f, const Candidates<T>& candidates) {
  constexpr int kMaxSteps = 16;
  const double enough = f.a <= kSmooth ? 0x1p-6 : 0x1p-9;
  for (int i = 0; i < kMaxSteps; ++i) {
    const SmoothSums sums = SumsOf(SingleSmoothCurve(f), candidates.x(), candidates.size());
    const double step = StepOf(f.a, sums);
    f.mu += step;
    if (std::abs(step) < enough) return;
  }
}

// Finds mu. Returns the sum of y, which differs from 1 as mu is rounded.
template <class T>
double Find(Smooth& f, const Candidates<T>& candidates) {
  if constexpr (sizeof(T) == 4) FindNearly(f, candidates);
  for (double last = kInfinity;;) {
    const SmoothSums sums = SumsOf(SmoothCurve<T>(f), candidates.x(), candidates.size());
    const double step = StepOf(f.a, sums);
    const double size = std::abs(step);
    if (!(size > 0x1p-51) || !(size < last)) return sums.y;
    last = size;
    f.mu += step;
    const bool enough = sizeof(T) == 4 && f.a <= kSmoothest;
    if (enough && size * size * size * sums.third < 0x1p-47) return 1;
  }
}

// For alpha near 1, where many entries have a probability: the powers are computed once in doubles.
// The last step of mu is so small that two terms of its series change y as it does; where a third
// would count, w^(1 / a) is below 2^-60. Returns false, and writes nothing, where the row does not
// suit.
constexpr double kNearOne = 0x1p-3;  // of alpha - 1
constexpr std::size_t kMostStored = 2048;

[[maybe_unused]] HWY_NOINLINE bool EntmaxNearOne(double alpha, double max, const float* x, float* y,
                                                 std::size_t n) {
  Smooth f = {alpha - 1, max};
  if (f.a > kNearOne || n > kMostStored) return false;
  FindNearly(f, Candidates<float>(max, 1 / f.a, x, n));
  float hi[kMostStored], lo[kMostStored];
  const SmoothCurve<float> curve(f);
  const SmoothSums sums = SumsOf<SmoothCurve<float>, float, 2>(curve, x, n, {hi, lo});
  const double step = StepOf(f.a, sums);
  const double size = std::abs(step);
  if (!(size < 0x1p-15) || !(size * size * size * sums.third < 0x1p-47)) return false;
  ForRow<float, 3, 1>(
      {x, hi, lo}, {y}, n, 0.0F, [&](const auto& from, const auto& to, const Place&) HWY_ATTR {
        const Doubles at = LoadLanes<Doubles>(from[1]) + LoadLanes<Doubles>(from[2]);
        const Doubles inverse = 1 / curve.BaseAt(from[0]);
        const Doubles half = Fma(inverse, 1 - f.a, f.a) * (step / 2);
        StoreLanes(Fma(at * inverse * step, half + 1, at), to[0]);
      });
  return true;
}

template <class T>
void EntmaxSmooth(double alpha, double max, const T* x, T* y, std::size_t n) {
  if constexpr (sizeof(T) == 4) {
    if (EntmaxNearOne(alpha, max, x, y, n)) return;
  }
  Smooth f = {alpha - 1, max};
  const Doubles inverse = 1 / Find(f, Candidates<T>(max, 1 / f.a, x, n));
  const SmoothCurve<T> curve(f);
  ForRow<T, 1, 1>({x}, {y}, n, T(0), [&](const auto& from, const auto& to, const Place&) HWY_ATTR {
    StoreLanes(curve.At(from[0]).y * inverse, to[0]);
  });
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
