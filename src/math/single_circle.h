// SPDX-License-Identifier: Apache-2.0
// Sine and cosine in float32 arithmetic. lanes.h explains the form of the comments; there is one
// error here.
#if defined(ACTFN_MATH_SINGLE_CIRCLE_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_SINGLE_CIRCLE_H_
#undef ACTFN_MATH_SINGLE_CIRCLE_H_
#else
#define ACTFN_MATH_SINGLE_CIRCLE_H_
#endif

#include "math/single.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// Up to here the number of quarter turns has 12 bits.
constexpr double kSingleTurns = 6400;

// z = n pi/2 + r for the whole number n, which is in the low bits of `quarters`; |r| <= pi/4 and
// little more. Error of r: 2^-58. Range: |z| < kSingleTurns.
template <std::size_t K>
struct SingleQuarters {
  Lanes<float, K> quarters;
  SinglePair<K> r;
};
template <std::size_t K>
ACTFN_PIECE SingleQuarters<K> QuartersOf(const SinglePair<K>& z) {
  using V = Lanes<float, K>;
  const auto& part = coefficients::kHalfPiSingle;
  const V quarters = Fma(z.hi, 0x1.45f306p-1, 0x1.8p23);
  const V n = quarters - 0x1.8p23;
  // The first two parts have 12 bits, so products and differences are exact.
  const V second = NegFma(n, part[1], NegFma(n, part[0], z.hi));
  const V third = n * part[2];
  const SinglePair<K> near = TwoSum(second, -third);
  const SinglePair<K> sum = TwoSum(near.hi, z.lo);
  const V rest = NegFma(n, part[3], -FmaSub(n, part[2], third));
  return {quarters, {sum.hi, sum.lo + (near.lo + rest)}};
}

// Whether n, in the low bits, is odd.
template <std::size_t K>
HWY_INLINE Mask<float, K> IsOdd(const Lanes<float, K>& low_bits) {
  const Tag<std::int32_t> di;
  Mask<float, K> r;
  for (std::size_t i = 0; i < K; ++i) {
    const auto odd = hn::TestBit(hn::BitCast(di, low_bits.v[i]), hn::Set(di, 1));
    r.m[i] = hn::RebindMask(Tag<float>(), odd);
  }
  return r;
}
// y, negated where n modulo 4, in the low bits, is 2 or 3.
template <std::size_t K>
HWY_INLINE Lanes<float, K> NegatedInHalf(const Lanes<float, K>& y,
                                         const Lanes<float, K>& low_bits) {
  const Tag<std::int32_t> di;
  Lanes<float, K> r;
  for (std::size_t i = 0; i < K; ++i) {
    const auto bit = hn::And(hn::BitCast(di, low_bits.v[i]), hn::Set(di, 2));
    const auto sign = hn::BitCast(Tag<float>(), hn::ShiftLeft<30>(bit));
    r.v[i] = hn::Xor(y.v[i], sign);
  }
  return r;
}

// sin(z), or its derivative cos(z), rounded. Measured error 2^-23.3, also about roots. Range: |z| <
// kSingleTurns. z = ±0: 0, without its sign.
template <bool cosine, std::size_t K>
ACTFN_PIECE Lanes<float, K> SineOfSingle(const SinglePair<K>& z) {
  using V = Lanes<float, K>;
  const SingleQuarters<K> q = QuartersOf(z);
  const V r = q.r.hi;
  const V v = r * r;
  const V cube = r * v;
  const V sin_rest = Fma(cube, Polynomial(v, coefficients::kSinQuick), q.r.lo);
  const V sin = r + NegFma(0.5 * v, q.r.lo, sin_rest);
  // 1 - v/2, and what rounding it, and r^2 to v, lost.
  const V one = NegFma(0.5, v, 1);
  const V one_lo = NegFma(0.5, v, 1 - one) - Fma(r, q.r.lo, 0.5 * FmaSub(r, r, v));
  const V cos = one + Fma(v * v, Polynomial(v, coefficients::kCosSingle), one_lo);
  const V turned = cosine ? q.quarters + 1 : q.quarters;
  return NegatedInHalf(Select(IsOdd(turned), cos, sin), turned);
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
