// SPDX-License-Identifier: Apache-2.0
// x / (1 + e^(-beta x)) and its derivative in float32 arithmetic. lanes.h explains the form of the
// comments; errors are single numbers here.
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

// For other beta, the inputs that need Far() lie at other magnitudes.
HWY_INLINE bool SwishFits(double beta) {
  return std::abs(beta) >= 0x1p-20 && std::abs(beta) <= 0x1p60;
}

// In z = beta x. z >= line: the limit; z <= gone: -0 or 0; gone < z <= reach: may be subnormal.
struct SwishRange {
  double gone, reach, line;
};
constexpr SwishRange kSwishRange = {-125, -kSingleReach, 30};
constexpr SwishRange kSwishSlopeRange = {-112, -kCleanReach, 40};

// beta, and the range in |beta| x.
struct SwishForm {
  float beta, steepness, sign, gone, reach, line;
};
constexpr SwishForm SwishFormOf(const SwishRange& range, double beta) {
  const double steepness = beta < 0 ? -beta : beta;
  const auto at = [&](double z) { return static_cast<float>(z / steepness); };
  return {static_cast<float>(beta), static_cast<float>(steepness),
          beta < 0 ? -1.0F : 1.0F,  at(range.gone),
          at(range.reach),          at(range.line)};
}

// Below, a `steep` form serves what is gone too, because with a large beta many elements are.

// x with the sign of z.
template <bool steep, std::size_t K>
HWY_INLINE Lanes<float, K> TurnedBy(const SwishForm& p, const Lanes<float, K>& x) {
  if constexpr (!steep) return x;
  return x * p.sign;
}
// z, at most that of p.line, and 0 where it is gone.
template <bool steep, std::size_t K>
HWY_INLINE SinglePair<K> SwishArgument(const SwishForm& p, const Lanes<float, K>& turned) {
  const Lanes<float, K> x = Min(turned, p.line);
  return Times(steep ? SelectOrZero(turned > p.gone, x) : x, p.steepness);
}
// e^z
template <std::size_t K>
HWY_INLINE SingleExp<K> SwishExp(const SwishForm& p, const SinglePair<K>& z) {
  return p.beta == 1 ? SplitSingleExp(z.hi) : SplitSingleExp(z);
}

// Where SwishValue() or SwishDerivative() holds: their range.
template <bool steep, std::size_t K>
HWY_INLINE Mask<float, K> SwishNear(const SwishForm& p, const Lanes<float, K>& x) {
  const Lanes<float, K> turned = TurnedBy<steep>(p, x);
  const auto near = turned > p.reach;
  if constexpr (!steep) return near;
  return Or(near, turned <= p.gone);
}
// Where the formula in 16-bit lanes holds (half.h).
template <std::size_t K>
HWY_INLINE Mask<float, K> SwishNearHalf(double beta, const Lanes<float, K>& x) {
  return And(x * beta > -kSingleReach, Abs(x) < kSingleMost);
}

// x / (1 + e^-z), z = beta x, by the form of kSwishRange. Measured error 2^-23.9. Range:
// SwishFits(beta). ±0: ±0.
template <bool steep, std::size_t K>
ACTFN_PIECE Lanes<float, K> SwishValue(const SwishForm& p, const Lanes<float, K>& x) {
  const Lanes<float, K> turned = TurnedBy<steep>(p, x);
  const SinglePair<K> z = SwishArgument<steep>(p, turned);
  Lanes<float, K> y = Over(x, OnePlus(SwishExp(p, SinglePair<K>{-z.hi, -z.lo})));
  if constexpr (steep) y = SelectOrZero(turned > p.gone, y);
  return Select(turned >= p.line, x, WithSign(y, x));  // Over() makes 0 of -0
}
template <std::size_t K>
ACTFN_PIECE Lanes<float, K> FarSwishValue(const SwishForm& p, const Lanes<float, K>& x) {
  const Lanes<float, K> turned = Max(TurnedBy<true>(p, x), p.gone);
  return FarBelow(SinglePairOf(turned * p.sign), Times(turned, p.steepness));
}

// The derivative, by the form of kSwishSlopeRange. Error: at most 2 ulp, or 2^-26 about the root.
// Range: SwishFits(beta).
template <bool steep, std::size_t K>
ACTFN_PIECE Lanes<float, K> SwishDerivative(const SwishForm& p, const Lanes<float, K>& x) {
  const Lanes<float, K> turned = TurnedBy<steep>(p, x);
  const SinglePair<K> z = SwishArgument<steep>(p, turned);
  const Lanes<float, K> y = TimesLogisticSlope(z, SwishExp(p, SinglePair<K>{-z.hi, -z.lo}));
  return steep ? Select(turned > p.gone, y, -0.0) : y;
}
template <std::size_t K>
ACTFN_PIECE Lanes<float, K> FarSwishDerivative(const SwishForm& p, const Lanes<float, K>& x) {
  const Lanes<float, K> turned = Max(TurnedBy<true>(p, x), p.gone);
  const SinglePair<K> z = Times(turned, p.steepness);
  return FarBelow(SinglePair<K>{1 + z.hi, z.lo}, z);
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
