// SPDX-License-Identifier: Apache-2.0
// The error function. lanes.h explains the form of the comments.
#if defined(ACTFN_MATH_ERF_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_ERF_H_
#undef ACTFN_MATH_ERF_H_
#else
#define ACTFN_MATH_ERF_H_
#endif

#include "math/gauss.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// 2/sqrt(pi). Error 2^-53 | 2^-106.
template <class N>
HWY_INLINE N TwoOverSqrtPi() {
  return Constant<N>(coefficients::kTwoOverSqrtPi[0], coefficients::kTwoOverSqrtPi[1]);
}

// erf(a) for 0 <= a <= 1, as a P(a^2), whose relative error stays small near 0.
template <std::size_t K>
ACTFN_PIECE Lanes<double, K> ErfNear(const Lanes<double, K>& a) {
  return a * Polynomial(a * a, coefficients::kErfQuick);
}
template <std::size_t K>
ACTFN_LONG_PIECE Pair<K> ErfNear(const Pair<K>& a) {
  const Pair<K> v = a * a;
  const Pair<K> p = Polynomial(v.hi, coefficients::kErfPrecise);
  return a * (TwoOverSqrtPi<Pair<K>>() + v * p);
}

// erf(a) for a >= 0. Measured error 2^-34.6 | 2^-53.2, also near 0. ±0: 0. inf: 1. For a < 0 and
// NaN: unspecified.
template <class N>
ACTFN_PIECE N ErfOfMagnitude(const N& a) {
  const N root2 = Constant<N>(coefficients::kSqrt2[0], coefficients::kSqrt2[1]);
  const GaussTail<N> tail = GaussTailOf(root2 * a);
  const N far = 1 - 2 * Unscaled(tail.bell * tail.g);
  return Select(a < 1, ErfNear(Clamp(a, 0, 1)), far);
}

// The derivative of erf, 2/sqrt(pi) e^(-z^2). Measured error 2^-36.5 | 2^-58.1. Range: any z. ±inf:
// 0 when stored. NaN: unspecified.
template <class N>
ACTFN_PIECE Scaled<N> ErfSlope(const N& z) {
  const N c = Clamp(z, -60, 60);
  return ExpDown(-(c * c)) * TwoOverSqrtPi<N>();
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
