// SPDX-License-Identifier: Apache-2.0
// The exponential and the logistic functions in float32 arithmetic, with twice as many lanes as
// doubles have. Range: |x| < kSingleReach, where all powers of two are normal numbers; NaN and what
// is beyond are left to FarBelow() and to the loops (kernels/loops.h). For those, results here are
// unspecified. lanes.h explains the form of the comments; errors are single numbers here.
#if defined(ACTFN_MATH_SINGLE_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_SINGLE_H_
#undef ACTFN_MATH_SINGLE_H_
#else
#define ACTFN_MATH_SINGLE_H_
#endif

#include "math/logistic.h"
#include "math/single_pair.h"
#include "math/single_tables.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

constexpr double kSingleReach = 87;
// Up to here the low parts of what is computed with e^-|z| are normal numbers too.
constexpr double kCleanReach = 80;
// A bound that leaves infinities out.
constexpr double kSingleMost = 0x1p100;

// For x > 0, as the low bits of lanes: the exponent's and the first one of the fraction.
template <std::size_t K>
HWY_INLINE Lanes<float, K> OctaveHalf(const Lanes<float, K>& x) {
  Lanes<float, K> r;
  for (std::size_t i = 0; i < K; ++i) {
    const auto bits = hn::BitCast(Tag<std::int32_t>(), x.v[i]);
    r.v[i] = hn::BitCast(Tag<float>(), hn::ShiftRight<22>(bits));
  }
  return r;
}

// A function's value and derivative.
template <std::size_t K>
struct SingleValueAndSlope {
  Lanes<float, K> value, slope;
};

// e^x = unit e^(r - rest). unit is 2^(k/8), rounded to 12 bits; r is x - k ln2/8 by the first
// part of ln2/8, which is exact, |r| <= ln2/16; rest has what the other part and the rounding of
// unit call for, |rest| < 2^-12.
template <std::size_t K>
struct SingleSteps {
  Lanes<float, K> unit, r, rest;
};

// For k, which is in the low bits of `shifted` too, r, and the second part of ln2/8; unit is times
// 2^lift.
template <int lift = 0, std::size_t K>
ACTFN_PIECE SingleSteps<K> StepsOf(const Lanes<float, K>& shifted, const Lanes<float, K>& k,
                                   const Lanes<float, K>& r, const Lanes<float, K>& second) {
  const Tag<std::int32_t> di;
  SingleSteps<K> e;
  e.r = r;
  for (std::size_t i = 0; i < K; ++i) {
    const auto bits = hn::BitCast(di, shifted.v[i]);
    const auto entry = hn::BitCast(di, EighthEntry(coefficients::kExpSteps, bits));
    auto unit = hn::Add(entry, hn::ShiftLeft<20>(bits));
    if constexpr (lift != 0) unit = hn::Add(unit, hn::Set(di, lift * (1 << 23)));
    e.unit.v[i] = hn::BitCast(Tag<float>(), unit);
  }
  e.rest = Fma(k, second, EighthEntry(coefficients::kExpDeltas, shifted));
  return e;
}
template <int lift = 0, std::size_t K>
ACTFN_PIECE SingleSteps<K> StepsOf(const Lanes<float, K>& x) {
  using V = Lanes<float, K>;
  // Adding 1.5 * 2^23 rounds to a whole number: the low bits are k.
  const V magic = 0x1.8p23;
  const V shifted = Fma(x, 0x1.715476p3, magic);
  const V k = shifted - magic;
  return StepsOf<lift>(shifted, k, NegFma(k, coefficients::kLn2EighthSingle[0], x),
                       V(coefficients::kLn2EighthSingle[1]));
}
// x.lo is much less than 1.
template <int lift = 0, std::size_t K>
ACTFN_PIECE SingleSteps<K> StepsOf(const SinglePair<K>& x) {
  SingleSteps<K> e = StepsOf<lift>(x.hi);
  e.rest = e.rest - x.lo;
  return e;
}

// e^x = unit (1 + step + rest), |rest| < 2^-28: so that sums with unit, which has 12 bits, come
// first.
template <std::size_t K>
struct SingleExp {
  Lanes<float, K> unit, step, rest;
};

// unit e^r. Estimated error 2^-31; without rest, and from a rounded r, 2^-28.
template <std::size_t K>
ACTFN_PIECE SingleExp<K> PartsOf(const Lanes<float, K>& unit, const Lanes<float, K>& r) {
  const Lanes<float, K> square = r * r;
  const Lanes<float, K> bend = Polynomial(r, coefficients::kGrowth);
  const Lanes<float, K> step = Fma(square, bend, r);
  return {unit, step, Fma(square, bend, r - step)};
}
template <std::size_t K>
ACTFN_PIECE SingleExp<K> PartsOf(const SingleSteps<K>& e) {
  const Lanes<float, K> r = e.r - e.rest;
  const Lanes<float, K> tail = Fma(r * r, Polynomial(r, coefficients::kGrowth), -e.rest);
  const Lanes<float, K> step = e.r + tail;
  return {e.unit, step, (e.r - step) + tail};
}
// Range: |x| < kSingleReach, if lift is 0. ±0: 1.
template <int lift = 0, class X>
ACTFN_PIECE auto SplitSingleExp(const X& x) {
  return PartsOf(StepsOf<lift>(x));
}

// unit (1 + step), rounded.
template <std::size_t K>
HWY_INLINE Lanes<float, K> Rounded(const SingleExp<K>& e) {
  return Fma(e.unit, e.step, e.unit);
}
// unit (1 + step + rest).
template <std::size_t K>
HWY_INLINE SinglePair<K> SumOf(const SingleExp<K>& e) {
  const Lanes<float, K> hi = Rounded(e);
  return {hi, Fma(e.unit, e.rest, Fma(e.unit, e.step, e.unit - hi))};
}

// e^x, rounded. Measured error 2^-23.9 for x <= 0. ±0: 1.
template <std::size_t K>
ACTFN_PIECE Lanes<float, K> ExpDown(const Lanes<float, K>& x) {
  return Rounded(SplitSingleExp(x));
}

// The same for all x with |x| < kSingleReach.
template <std::size_t K>
HWY_INLINE Lanes<float, K> ExpOf(const Lanes<float, K>& x) {
  return ExpDown(x);
}

// e^x as hi + lo. Estimated error 2^-31 for |x| <= 60, 2^-24.5 for |x| < 87, where lo may be
// subnormal. ±0: 1.
template <class X>
ACTFN_PIECE auto ExpOfSingle(const X& x) {
  return SumOf(SplitSingleExp(x));
}

// c e 2^-100, rounded.
template <std::size_t K>
HWY_INLINE Lanes<float, K> Lowered(const SinglePair<K>& c, const SinglePair<K>& e) {
  return Fma(c.hi, e.hi, Fma(c.hi, e.lo, c.lo * e.hi)) * 0x1p-100;
}
// c e^x with one rounding, for x below -80 and c that may be subnormal there: by 2^100 times that.
// x <= -150: 0 with the sign of c. Range: |c| < 2^60 there.
template <std::size_t K>
ACTFN_PIECE Lanes<float, K> FarBelow(const SinglePair<K>& c, const SinglePair<K>& x) {
  // Subnormal numbers, which are slow, arise only where the result is one.
  const auto within = x.hi > -150;
  const SinglePair<K> at = {SelectOrZero(within, x.hi), SelectOrZero(within, x.lo)};
  const Lanes<float, K> y = Lowered(c, SumOf(SplitSingleExp<100>(at)));
  return WithSign(SelectOrZero(within, y), c.hi);
}
template <std::size_t K>
HWY_INLINE Lanes<float, K> FarBelow(const Lanes<float, K>& c, const Lanes<float, K>& x) {
  return FarBelow(SinglePair<K>{c, 0}, SinglePair<K>{x, 0});
}

// y 2^-64, rounded, for y >= 0. Integers make the subnormal numbers, because arithmetic with them
// is slow: the last bits of y + 2^-62 are theirs.
template <std::size_t K>
HWY_INLINE Lanes<float, K> LoweredBy64(const Lanes<float, K>& y) {
  const Tag<std::int32_t> di;
  const Lanes<float, K> least = 0x1p-62;
  const Lanes<float, K> sum = y + least;
  Lanes<float, K> normal, subnormal;
  for (std::size_t i = 0; i < K; ++i) {
    const auto bits = hn::BitCast(di, y.v[i]);
    normal.v[i] = hn::BitCast(Tag<float>(), hn::Sub(bits, hn::Set(di, 64 << 23)));
    const auto low = hn::Sub(hn::BitCast(di, sum.v[i]), hn::BitCast(di, least.v[i]));
    subnormal.v[i] = hn::BitCast(Tag<float>(), low);
  }
  return Select(y < least, subnormal, normal);
}

// e^x for |x| >= kCleanReach, with one rounding: 0 and inf in the end.
template <std::size_t K>
ACTFN_PIECE Lanes<float, K> FarExp(const Lanes<float, K>& x) {
  const Lanes<float, K> above = Rounded(SplitSingleExp<-64>(Clamp(x, 0, 100))) * 0x1p64;
  return Select(x > 0, above, FarBelow(Lanes<float, K>(1), x));
}

// e^x - 1 for x <= 0 as hi + lo, |lo| < 2^-7 |hi|. Measured error 2^-28, also near 0. ±0: 0.
template <std::size_t K>
ACTFN_PIECE SinglePair<K> Expm1Of(const SingleSteps<K>& e) {
  const auto r = e.r - e.rest;
  const auto tail = Fma(r * r, Polynomial(r, coefficients::kGrowthNear), -e.rest);
  const auto step = e.unit - 1;
  const auto step_lo = e.unit - (step + 1);
  const auto hi = Fma(e.unit, e.r, step);
  const auto lo = Fma(e.unit, e.r, step - hi) + step_lo;
  return {hi, Fma(e.unit, tail, lo)};
}
template <class X>
HWY_INLINE auto Expm1OfSingle(const X& x) {
  return Expm1Of(StepsOf(x));
}

// (c + c_lo) (e^x - 1) for x <= 0, rounded; x below -87 counts as that. Measured error 2^-23.9 for
// SELU's constant. ±0: 0.
template <std::size_t K>
HWY_INLINE Lanes<float, K> TimesExpm1(double c, double c_lo, const SinglePair<K>& m) {
  if (c == 1 && c_lo == 0) return m.hi + m.lo;
  if (c == 0) return 0 * m.hi;  // with its sign
  const SinglePair<K> factor = InSingles<K>(c, c_lo);
  const Lanes<float, K> hi = factor.hi * m.hi;
  const Lanes<float, K> lo = Fma(factor.hi, m.hi, -hi);
  return hi + Fma(factor.lo, m.hi, Fma(factor.hi, m.lo, lo));
}
template <std::size_t K>
HWY_INLINE Lanes<float, K> TimesExpm1Down(double c, double c_lo, const Lanes<float, K>& x) {
  return TimesExpm1(c, c_lo, Expm1OfSingle(Max(x, -kSingleReach)));
}

// 1 + e^x as hi + lo, and to divide by.
template <std::size_t K>
ACTFN_PIECE SinglePair<K> SumWithOne(const SingleExp<K>& e) {
  const SinglePair<K> one_plus = OnePlus(e.unit);
  const Lanes<float, K> hi = Fma(e.unit, e.step, one_plus.hi);
  return {hi, Fma(e.unit, e.step, one_plus.hi - hi) + one_plus.lo};
}
template <std::size_t K>
HWY_INLINE SingleDenominator<K> OnePlus(const SingleExp<K>& e) {
  return DenominatorOf(SumWithOne(e));
}

// 1 / (1 + e^-z), rounded. Measured error 2^-23.9. Range: z > -kSingleReach. ±0: 1/2. inf: 1.
template <std::size_t K>
HWY_INLINE Lanes<float, K> Logistic(const Lanes<float, K>& z) {
  return Reciprocal(OnePlus(SplitSingleExp(-Min(z, kSingleReach))));
}

// The derivative of the logistic function, by e = e^-|z|: e / (1 + e)^2. Error: at most 2 ulp.
// Range: |z| < kCleanReach. ±0: 1/4.
template <std::size_t K>
ACTFN_PIECE Lanes<float, K> LogisticSlope(const SingleExp<K>& e) {
  const SinglePair<K> u = SumOf(e);
  const SingleDenominator<K> d = OnePlus(e);
  const Lanes<float, K> error = d.Error();
  const Lanes<float, K> b = u.hi * d.inverse;
  return Fma(d.inverse, b, d.inverse * Fma(error + error, b, u.lo * d.inverse));
}
template <std::size_t K>
HWY_INLINE Lanes<float, K> LogisticSlopeAt(const Lanes<float, K>& z) {
  return LogisticSlope(SplitSingleExp(-Min(Abs(z), kSingleReach)));
}

// x / (1 + e^-z), rounded. Measured error 2^-23.9 for z = x >= -80. Range: z > -kSingleReach, |x| <
// kSingleMost. ±0: ±0.
template <std::size_t K>
HWY_INLINE Lanes<float, K> TimesLogistic(const Lanes<float, K>& x, const SingleExp<K>& e) {
  return WithSign(Over(x, OnePlus(e)), x);  // Over() makes 0 of -0
}
template <std::size_t K>
HWY_INLINE Lanes<float, K> TimesLogistic(const Lanes<float, K>& x, const Lanes<float, K>& z) {
  return TimesLogistic(x, SplitSingleExp(-Min(z, kSingleReach)));
}

// The derivative by x of x / (1 + e^-z(x)), from w = x z'(x) and e = e^-z: s (1 + w (1 - s)) with s
// the logistic of z. Error: at most 2 ulp, or 2^-26 about a root. Range: |w| < 2^20 and |z| <
// kCleanReach.
template <std::size_t K>
ACTFN_PIECE Lanes<float, K> TimesLogisticSlope(const SinglePair<K>& w, const SingleExp<K>& e) {
  using V = Lanes<float, K>;
  const SingleDenominator<K> d = OnePlus(e);
  const V s = d.inverse;
  const V error = d.Error();
  const V q = 1 - s;
  const V q_lo = NegFma(s, error, (1 - q) - s);
  const V n = Fma(w.hi, q, 1);
  const V n_lo = Fma(w.hi, q_lo, w.lo * q);
  return Fma(n, s, s * Fma(n, error, n_lo));
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
