// SPDX-License-Identifier: Apache-2.0
// log(1 + e^-a). lanes.h explains the form of the comments.
#if defined(ACTFN_MATH_LOG1P_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_LOG1P_H_
#undef ACTFN_MATH_LOG1P_H_
#else
#define ACTFN_MATH_LOG1P_H_
#endif

#include "math/logistic.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// log(1 + e^-a) for a >= 0. Measured error 2^-34.9 | 2^-52.7. ±0: log(2). inf: 0 when stored. For a
// < 0 and NaN: unspecified.
template <std::size_t K>
ACTFN_PIECE Lanes<double, K> Log1pOfDecay(const Lanes<double, K>& a) {
  const Lanes<double, K> u = ExpDown(-a);
  return u * Polynomial(u, coefficients::kLog1pQuick);
}
// u - u^2/2 + u^3 R(u), the first two terms in double-double.
template <std::size_t K>
ACTFN_LONG_PIECE ScaledPair<K> Log1pOfDecay(const Pair<K>& a) {
  const ScaledPair<K> e = ExpDown(-a);
  const Pair<K> u = Unscaled(e);
  const Lanes<double, K> r = Polynomial(u.hi, coefficients::kLog1pPrecise);
  return e * (1 + (-0.5 * u + Pair<K>((u.hi * u.hi) * r)));
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
