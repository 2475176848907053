// SPDX-License-Identifier: Apache-2.0
// Sine and cosine in float32 arithmetic. lanes.h explains the form of the comments; there is one
// error here.
#if defined(ACTFN_MATH_SINGLE_CIRCLE_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_SINGLE_CIRCLE_H_
#undef ACTFN_MATH_SINGLE_CIRCLE_H_
#else
#define ACTFN_MATH_SINGLE_CIRCLE_H_
#endif

#include "math/circle.h"
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

// The same for |x factor| from 1 to 2^256, by doubles. Error of r: 2^-48. ±inf: r is NaN.
template <std::size_t K>
HWY_NOINLINE SingleQuarters<K> FarQuartersOf(const Lanes<float, K>& x, double factor) {
  const Tag<double> d;
  const Tag<float> df;
  const hn::Half<Tag<float>> half;
  SingleQuarters<K> far;
  for (std::size_t k = 0; k < K; ++k) {
    Lanes<double, 2> z;
    z.v[0] = hn::PromoteTo(d, hn::LowerHalf(half, x.v[k]));
    z.v[1] = hn::PromoteTo(d, hn::UpperHalf(half, x.v[k]));
    const auto reduced = ReduceLargeByHalfPi(z * factor);
    const auto in_lanes = [&](const Lanes<double, 2>& a) HWY_ATTR {
      return hn::Combine(df, hn::DemoteTo(half, a.v[1]), hn::DemoteTo(half, a.v[0]));
    };
    // The first 24 bits of r (Dekker), so that both parts are numbers of float32.
    const Lanes<double, 2> r = reduced.r;
    const Lanes<double, 2> much = r * (0x1p29 + 1);
    const Lanes<double, 2> hi = much - (much - r);
    far.quarters.v[k] = in_lanes(reduced.n + 0x1.8p23);
    far.r.hi.v[k] = in_lanes(hi);
    far.r.lo.v[k] = in_lanes(r - hi);
  }
  return far;
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

// sin(factor x), or cos(factor x), rounded. Measured error 2^-23.3, also about roots. Range: finite
// x, |factor| from 2^-60 to 2^128, of float32.
template <bool cosine, std::size_t K>
ACTFN_PIECE Lanes<float, K> SineOfSingle(const Lanes<float, K>& x, double factor) {
  using V = Lanes<float, K>;
  const SinglePair<K> z = Times(x, factor);
  SingleQuarters<K> q = QuartersOf(z);
  const auto near = Abs(z.hi) < kSingleTurns;
  if (HWY_UNLIKELY(!AllOf(near))) {
    const SingleQuarters<K> far = FarQuartersOf(x, factor);
    q.quarters = Select(near, q.quarters, far.quarters);
    q.r = {Select(near, q.r.hi, far.r.hi), Select(near, q.r.lo, far.r.lo)};
  }
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
  const V y = NegatedInHalf(Select(IsOdd(turned), cos, sin), turned);
  return cosine ? y : Select(Abs(z.hi) < 0x1p-20, z.hi, y);  // with the sign of 0
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
