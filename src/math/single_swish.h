// SPDX-License-Identifier: Apache-2.0
// x / (1 + e^(-beta x)) and its derivative in float32 arithmetic. lanes.h explains the form of the
// comments; there is one error here.
#if defined(ACTFN_MATH_SINGLE_SWISH_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_SINGLE_SWISH_H_
#undef ACTFN_MATH_SINGLE_SWISH_H_
#else
#define ACTFN_MATH_SINGLE_SWISH_H_
#endif

#include "math/single.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// Beyond, what is far has another scale.
HWY_INLINE bool SwishFits(double beta) {
  return std::abs(beta) >= 0x1p-20 && std::abs(beta) <= 0x1p60;
}

// z = beta x, with z.lo = 0 where |z| is at least `most`.
template <std::size_t K>
HWY_INLINE SinglePair<K> SwishArgument(double beta, const Lanes<float, K>& x, double most) {
  if (beta == 1) return {x, 0};
  const SinglePair<K> z = Times(x, beta);
  return {z.hi, SelectOrZero(Abs(z.hi) < most, z.lo)};
}

// x / (1 + e^-z), z = beta x. Measured error 2^-23.9. Range: SwishFits(beta); where
// SwishIsNear(beta, x), finite x. ±0: ±0.
template <std::size_t K>
HWY_INLINE Mask<float, K> SwishIsNear(double beta, const Lanes<float, K>& x) {
  if (beta == 1) return And(x > -kSingleReach, x < kSingleMost);
  return And(x * beta > -kSingleReach, Abs(x) < kSingleMost);
}
template <std::size_t K>
ACTFN_PIECE Lanes<float, K> SwishValue(double beta, const Lanes<float, K>& x) {
  if (beta == 1) return TimesLogistic(x, x);
  const SinglePair<K> z = SwishArgument(beta, x, kSingleReach);
  const SinglePair<K> at = {-Min(z.hi, kSingleReach), -z.lo};
  return TimesLogistic(x, SplitSingleExp(at));
}
// Elsewhere.
template <std::size_t K>
ACTFN_PIECE Lanes<float, K> FarSwishValue(double beta, const Lanes<float, K>& x) {
  const SinglePair<K> z = SwishArgument(beta, x, 200);
  const SinglePair<K> c = {Clamp(x, -0x1p40, 0x1p40), 0};
  return Select(z.hi > 0, x, FarBelow(c, z));
}

// The derivative. Error: at most 2 ulp, or 2^-26 about the root.
template <std::size_t K>
HWY_INLINE Mask<float, K> SwishSlopeIsNear(double beta, const Lanes<float, K>& x) {
  return x * beta > -kCleanReach;
}
template <std::size_t K>
ACTFN_PIECE Lanes<float, K> SwishDerivative(double beta, const Lanes<float, K>& x) {
  const SinglePair<K> z = SwishArgument(beta, x, kSingleReach);
  const auto left = z.hi < 0;
  const Lanes<float, K> a = Min(Abs(z.hi), kSingleReach);
  const SinglePair<K> at = {-a, Select(left, z.lo, -z.lo)};
  return TimesLogisticSlope(SinglePair<K>{CopySign(a, z.hi), z.lo}, SplitSingleExp(at), left);
}
template <std::size_t K>
ACTFN_PIECE Lanes<float, K> FarSwishDerivative(double beta, const Lanes<float, K>& x) {
  const SinglePair<K> z = SwishArgument(beta, x, 200);
  return FarBelow(SinglePair<K>{1 + Max(z.hi, -200), z.lo}, z);
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
