// SPDX-License-Identifier: Apache-2.0
// tanh and what is made of it in float32 arithmetic. lanes.h explains the form of the comments;
// errors are single numbers here.
#if defined(ACTFN_MATH_SINGLE_TANH_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_SINGLE_TANH_H_
#undef ACTFN_MATH_SINGLE_TANH_H_
#else
#define ACTFN_MATH_SINGLE_TANH_H_
#endif

#include "math/single.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// tanh(a) for a >= 0 as hi + lo, by -m / (2 + m) with m = e^-2a - 1. Measured error 2^-27, also
// near 0. ±0: 0. inf: 1.
constexpr double kTanhEnd = 20;  // it is 1 beyond
template <std::size_t K>
ACTFN_PIECE SinglePair<K> TanhByGrowth(const SinglePair<K>& parts) {
  using V = Lanes<float, K>;
  const SinglePair<K> m = Renormalized(parts);
  const V hi = 2 + m.hi;
  const auto d = DenominatorOf(SinglePair<K>{hi, (m.hi - (hi - 2)) + m.lo});
  const V q = -m.hi * d.inverse;
  const V rest = NegFma(q, d.lo, NegFma(q, d.hi, -m.hi)) - m.lo;
  return {q, rest * d.inverse};
}
template <std::size_t K>
HWY_INLINE SinglePair<K> TanhOfSingle(const Lanes<float, K>& a) {
  return TanhByGrowth(Expm1OfSingle(-2 * Min(a, kTanhEnd)));
}
// The same for a.hi + a.lo.
template <std::size_t K>
HWY_INLINE SinglePair<K> TanhOfSingle(const SinglePair<K>& a) {
  const Lanes<float, K> hi = -2 * Min(a.hi, kTanhEnd);
  const Lanes<float, K> lo = SelectOrZero(a.hi < kTanhEnd, -2 * a.lo);
  return TanhByGrowth(Expm1OfSingle(SinglePair<K>{hi, lo}));
}
// The same, rounded. Measured error 2^-23.9.
template <std::size_t K>
HWY_INLINE Lanes<float, K> TanhOfMagnitude(const Lanes<float, K>& a) {
  const SinglePair<K> t = TanhOfSingle(a);
  return t.hi + t.lo;
}

// The derivative of tanh, 1 - tanh(a)^2, for a >= 0, as 4 e^-2a / (1 + e^-2a)^2. Error: at most 2
// ulp. Range: a < kTanhSlopeReach. ±0: 1.
constexpr double kTanhSlopeReach = kCleanReach / 2;
template <std::size_t K>
HWY_INLINE Lanes<float, K> TanhSlopeOfMagnitude(const Lanes<float, K>& a) {
  return 4 * LogisticSlopeAt(2 * a);
}
// The same for larger a.
template <std::size_t K>
HWY_INLINE Lanes<float, K> FarTanhSlope(const Lanes<float, K>& a) {
  return FarBelow(Lanes<float, K>(4), -2 * Min(a, 100));
}

// x tanh(log(1 + w)), rounded, for 0 < w < 2^30, as x w (w + 2) / (w (w + 2) + 2). Measured error
// 2^-23.5. ±0: ±0.
template <std::size_t K>
ACTFN_PIECE Lanes<float, K> TimesTanhOfLog(const Lanes<float, K>& x, const SinglePair<K>& w) {
  using V = Lanes<float, K>;
  const SinglePair<K> v = Plus(w, 2);
  const V n = w.hi * v.hi;
  const V n_lo = Fma(w.hi, v.lo, Fma(w.lo, v.hi, FmaSub(w.hi, v.hi, n)));
  const SinglePair<K> d = Plus(SinglePair<K>{n, n_lo}, 2);
  const V inverse = 1 / d.hi;
  const V q = n * inverse;
  const V rest = NegFma(q, d.lo, NegFma(q, d.hi, n) + n_lo);
  return WithSign(Fma(x, q, x * (rest * inverse)), x);
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
