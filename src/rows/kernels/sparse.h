// SPDX-License-Identifier: Apache-2.0
// Sparsemax and entmax: y = w^p, w = max(0, (alpha - 1) (x - max x) - tau), p = 1 / (alpha - 1),
// with the threshold tau at which the sum of y is 1. Computed in double for all types.
// entmax_smooth.h and entmax_steep.h have the other powers.
#if defined(ACTFN_ROWS_KERNELS_SPARSE_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_ROWS_KERNELS_SPARSE_H_
#undef ACTFN_ROWS_KERNELS_SPARSE_H_
#else
#define ACTFN_ROWS_KERNELS_SPARSE_H_
#endif

#include "rows/kernels/entmax_smooth.h"
#include "rows/kernels/entmax_steep.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// p, where it needs no general power.
enum class Exponent { one, two };

struct RowThreshold {
  double scale, max;
  double tau = -1;

  // w
  template <class T>
  HWY_INLINE Doubles Above(const T* x) const {
    const auto z = (LoadLanes<Doubles>(x) - Doubles(max)) * Doubles(scale);
    return Max(z - Doubles(tau), 0);
  }
};

template <Exponent exponent>
HWY_INLINE Doubles Raised(const Doubles& w) {
  return exponent == Exponent::one ? w : w * w;
}

// The sums of w^p and of w^(p - 1), which is the derivative of w^p by w divided by p.
struct PowerSums {
  double value, slope;
};

template <Exponent exponent, class T>
HWY_NOINLINE PowerSums SumsAt(const RowThreshold& t, const T* x, std::size_t n) {
  Sums<double> value, slope;
  const auto body = [&](const auto& from, const auto&, const Place& place) HWY_ATTR {
    const Doubles w = t.Above(from[0]);
    const Doubles y = Raised<exponent>(w);
    value.At(place) = value.At(place) + y;
    slope.At(place) =
        slope.At(place) + SelectOrZero(w > 0, exponent == Exponent::one ? Doubles(1) : w);
  };
  ForRow<T, 1, 0>({x}, {}, n, static_cast<T>(-kInfinity), body);
  return {value.Total(), slope.Total()};
}

// Finds tau for p >= 1. The p-th root of the sum is convex in tau and nearly linear, so Newton's
// steps from the left are few and never pass the solution. Returns the sum at tau.
template <Exponent exponent, class T>
double FindByNewton(RowThreshold& t, const T* x, std::size_t n) {
  constexpr int kMaxSteps = 200;
  double sum = 1;
  for (int i = 0; i < kMaxSteps; ++i) {
    const PowerSums sums = SumsAt<exponent>(t, x, n);
    sum = sums.value;
    const double root = exponent == Exponent::one ? 1 : std::sqrt(sum);
    const double step = (sum - root) / sums.slope;
    if (!(step > -0x1p-50 * t.tau)) break;
    t.tau += step;
  }
  return sum;
}

// y = w^p / sum. The sum differs from 1 only because tau is rounded.
template <Exponent exponent, class T>
HWY_NOINLINE void Sparse(const RowThreshold& start, const T* x, T* y, std::size_t n) {
  RowThreshold t = start;
  const Doubles inverse = 1 / FindByNewton<exponent>(t, x, n);
  ForRow<T, 1, 1>({x}, {y}, n, T(0), [&](const auto& from, const auto& to, const Place&) HWY_ATTR {
    StoreLanes(Raised<exponent>(t.Above(from[0])) * inverse, to[0]);
  });
}

// Handle any row, also one with NaN or infinities.
template <Exponent exponent, class T>
void SparseForward(double alpha, const T* x, T* y, std::size_t n) {
  const double max = RowMaxOf(x, n, 1);
  if (!IsFinite(max)) return rows::write_special(kProbability, 1, max, x, y, n);
  Sparse<exponent>({alpha - 1, max}, x, y, n);
}
template <class T>
void EntmaxForward(double alpha, const T* x, T* y, std::size_t n) {
  const double max = RowMaxOf(x, n, 1);
  if (!IsFinite(max)) return rows::write_special(kProbability, 1, max, x, y, n);
  if (alpha < 2) return EntmaxSmooth(alpha, max, x, y, n);
  EntmaxSteep(alpha, max, x, y, n);
}

// y = 1 for the first of the largest entries, 0 for the others.
template <class T>
void HardmaxForward(const T* x, T* y, std::size_t n) {
  const double max = RowMaxOf(x, n, 1);
  if (!(max > -kInfinity)) {
    return rows::write_special(kProbability, 1, max, x, y, n);
  }
  std::size_t first = 0;
  while (static_cast<double>(x[first]) != max) ++first;
  std::fill_n(y, n, T(0));
  y[first] = T(1);
}

// Writes 0, or NaN where y is NaN.
template <class T>
void HardmaxGradient(const T* y, T* to, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) to[i] = kernels::canonical(y[i] - y[i]);
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
