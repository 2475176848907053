// SPDX-License-Identifier: Apache-2.0
// The normal distribution: Phi, its cumulative distribution function, and phi, its density.
// lanes.h explains the form of the comments.
#if defined(ACTFN_MATH_GAUSS_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_GAUSS_H_
#undef ACTFN_MATH_GAUSS_H_
#else
#define ACTFN_MATH_GAUSS_H_
#endif

#include "math/exp.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// Phi(-t) = g bell for t >= 0, with bell = e^(-t^2/2). Measured error of g bell: 2^-31.8 | 2^-53.7.
// Range: t >= 0; beyond 14.8 | 39 it counts as that bound, where t Phi(-t) is below half the
// smallest subnormal of float32 | float64. ±0: 1/2. inf: as the bound. NaN: unspecified.
template <class N>
struct GaussTail {
  N t;  // the argument, at most the bound
  N g;
  Scaled<N> bell;
};

template <std::size_t K>
ACTFN_PIECE GaussTail<Lanes<double, K>> GaussTailOf(const Lanes<double, K>& magnitude) {
  using N = Lanes<double, K>;
  const N t = Min(magnitude, 14.8);
  // One division serves y = (t-3)/(t+3) and the quotient by t+1.5.
  const N near = t + 1.5;
  const N far = t + 3;
  const N inverse = 1 / (near * far);
  const N q = Polynomial((t - 3) * (near * inverse), coefficients::kGaussQuick);
  return {t, q * (far * inverse), ExpDown(-0.5 * (t * t))};
}

template <std::size_t K>
ACTFN_LONG_PIECE GaussTail<Pair<K>> GaussTailOf(const Pair<K>& magnitude) {
  using N = Pair<K>;
  const N t = Clamp(magnitude, 0, 39);
  const N y = (t - 3) / (t + 3);
  const N p = Polynomial(y.hi, coefficients::kGaussPrecise);
  const N middle = Constant<N>(coefficients::kGaussMiddle[0], coefficients::kGaussMiddle[1]);
  return {t, (middle + y * p) / (t + 1.5), ExpDown(-0.5 * (t * t))};
}

// 1/sqrt(2 pi). Error 2^-54 | 2^-107.
template <class N>
HWY_INLINE N InverseSqrt2Pi() {
  return Constant<N>(coefficients::kInverseSqrt2Pi[0], coefficients::kInverseSqrt2Pi[1]);
}

// x Phi(x), rounded; for x > 0 as x - x Phi(-x). 1 + erf(x) would lose all digits of the left tail.
// Measured error 2^-31.8 | 2^-52.5, the latter after rounding. inf: inf. -inf: -0 when stored. ±0:
// ±0. NaN: unspecified.
template <class N>
HWY_INLINE auto TimesGaussCdf(const N& x) {
  const GaussTail<N> tail = GaussTailOf(Abs(x));
  const Scaled<N> gap = tail.bell * (tail.g * tail.t);
  const auto y = Round(Select(x < 0, -gap, Scaled<N>(x - Unscaled(gap))));
  return ItselfBeyond(50, x, y);
}

// The derivative of x Phi(x), rounded. With t = |x|: Phi(-t) - t phi(t) for x <= 0, else 1 - that.
// Measured absolute error 2^-34.0 | 2^-52.9, the latter after rounding. inf: 1. -inf: -0 when
// stored. ±0: 1/2. NaN: unspecified.
template <class N>
HWY_INLINE auto TimesGaussCdfSlope(const N& x) {
  const GaussTail<N> tail = GaussTailOf(Abs(x));
  const Scaled<N> left = tail.bell * (tail.g - tail.t * InverseSqrt2Pi<N>());
  return Round(Select(x < 0, left, Scaled<N>(1 - Unscaled(left))));
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
