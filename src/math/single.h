// SPDX-License-Identifier: Apache-2.0
// The exponential and the logistic functions in float32 arithmetic, with twice as many lanes as
// doubles have. Range: |x| < kSingleReach, where all powers of two are normal numbers; NaN and what
// is beyond are left to FarBelow() and to the loops (kernels/loops.h). For those, results here are
// unspecified. lanes.h explains the form of the comments; there is one error here.
#if defined(ACTFN_MATH_SINGLE_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_SINGLE_H_
#undef ACTFN_MATH_SINGLE_H_
#else
#define ACTFN_MATH_SINGLE_H_
#endif

#include "math/logistic.h"
#include "math/single_tables.h"

#include <bit>

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

constexpr double kSingleReach = 87;
// Up to here the low parts of what is computed with e^-|z| are normal numbers too.
constexpr double kCleanReach = 80;
// So that infinities are beyond it.
constexpr double kSingleMost = 0x1p100;

template <class N>
inline constexpr bool kIsSingle = false;
template <std::size_t K>
inline constexpr bool kIsSingle<Lanes<float, K>> = true;

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

// hi + lo.
template <std::size_t K>
struct SinglePair {
  Lanes<float, K> hi, lo;
};

template <std::size_t K>
HWY_INLINE SinglePair<K> SinglePairOf(const Lanes<float, K>& a) {
  return {a, 0};
}

// a + b as hi + lo, exactly. ±inf: lo is NaN.
template <std::size_t K>
HWY_INLINE SinglePair<K> TwoSum(const Lanes<float, K>& a, const Lanes<float, K>& b) {
  const Lanes<float, K> hi = a + b;
  const Lanes<float, K> back = hi - a;
  return {hi, (a - (hi - back)) + (b - back)};
}

// The same for a and b >= 0.
template <std::size_t K>
HWY_INLINE SinglePair<K> SumOfPositive(const Lanes<float, K>& a, const Lanes<float, K>& b) {
  const Lanes<float, K> hi = a + b;
  return {hi, Min(a, b) - (hi - Max(a, b))};
}

// A function's value and derivative.
template <std::size_t K>
struct SingleValueAndSlope {
  Lanes<float, K> value, slope;
};

// e^x = unit e^(r - rest). unit is 2^(k/16), rounded to 12 bits; r is x - k ln2/16 by the first
// part of ln2/16, which is exact, |r| <= ln2/32; rest has what the other part and the rounding of
// unit call for, |rest| < 2^-12.
template <std::size_t K>
struct SingleSteps {
  Lanes<float, K> unit, r, rest;
};

// For k, which is in the low bits of `shifted` too, r, and the second part of ln2/16; unit is times
// 2^lift.
template <int lift = 0, std::size_t K>
ACTFN_PIECE SingleSteps<K> StepsOf(const Lanes<float, K>& shifted, const Lanes<float, K>& k,
                                   const Lanes<float, K>& r, const Lanes<float, K>& second) {
  const Tag<std::int32_t> di;
  SingleSteps<K> e;
  e.r = r;
  for (std::size_t i = 0; i < K; ++i) {
    const auto bits = hn::BitCast(di, shifted.v[i]);
    const auto entry = hn::BitCast(di, SixteenthEntry(coefficients::kExpSteps, bits));
    auto unit = hn::Add(entry, hn::ShiftLeft<19>(bits));
    if constexpr (lift != 0) unit = hn::Add(unit, hn::Set(di, lift * (1 << 23)));
    e.unit.v[i] = hn::BitCast(Tag<float>(), unit);
  }
  e.rest = Fma(k, second, SixteenthEntry(coefficients::kExpDeltas, shifted));
  return e;
}
template <int lift = 0, std::size_t K>
ACTFN_PIECE SingleSteps<K> StepsOf(const Lanes<float, K>& x) {
  using V = Lanes<float, K>;
  // Adding 1.5 * 2^23 rounds to a whole number: the low bits are k.
  const V magic = 0x1.8p23;
  const V shifted = Fma(x, 0x1.715476p4, magic);
  const V k = shifted - magic;
  return StepsOf<lift>(shifted, k, NegFma(k, coefficients::kLn2SixteenthSingle[0], x),
                       V(coefficients::kLn2SixteenthSingle[1]));
}
// x.lo is much less than 1.
template <int lift = 0, std::size_t K>
ACTFN_PIECE SingleSteps<K> StepsOf(const SinglePair<K>& x) {
  SingleSteps<K> e = StepsOf<lift>(x.hi);
  e.rest = e.rest - x.lo;
  return e;
}

// e^x = unit + step * growth: so that sums with unit, which has 12 bits, come first.
template <std::size_t K>
struct SingleExp {
  Lanes<float, K> unit, step, growth;
};

// unit e^r. Measured error 2^-28.5.
template <std::size_t K>
ACTFN_PIECE SingleExp<K> PartsOf(const Lanes<float, K>& unit, const Lanes<float, K>& r) {
  return {unit, unit * r, Fma(r, Polynomial(r, coefficients::kGrowth), 1)};
}
template <std::size_t K>
HWY_INLINE SingleExp<K> PartsOf(const SingleSteps<K>& e) {
  return PartsOf(e.unit, e.r - e.rest);
}
// Range: |x| < kSingleReach, if lift is 0. ±0: 1.
template <int lift = 0, class X>
ACTFN_PIECE auto SplitSingleExp(const X& x) {
  return PartsOf(StepsOf<lift>(x));
}

// unit + step * growth, rounded.
template <std::size_t K>
HWY_INLINE Lanes<float, K> Rounded(const SingleExp<K>& e) {
  return Fma(e.step, e.growth, e.unit);
}
template <std::size_t K>
HWY_INLINE SinglePair<K> SumOf(const SingleExp<K>& e) {
  const Lanes<float, K> hi = Rounded(e);
  return {hi, Fma(e.step, e.growth, e.unit - hi)};
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

// e^x as hi + lo. Measured error 2^-28.5 for |x| <= 60, 2^-24.5 for |x| < 87, where lo may be
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

// e^x for |x| >= kCleanReach, with one rounding: 0 and inf in the end.
template <std::size_t K>
ACTFN_PIECE Lanes<float, K> FarExp(const Lanes<float, K>& x) {
  const Lanes<float, K> above = Rounded(SplitSingleExp<-64>(Clamp(x, 0, 100))) * 0x1p64;
  return Select(x > 0, above, FarBelow(Lanes<float, K>(1), x));
}

// e^x - 1 for x <= 0 as hi + lo. Measured error 2^-28, also near 0. ±0: 0.
template <class X>
ACTFN_PIECE auto Expm1OfSingle(const X& x) {
  const auto e = StepsOf(x);
  const auto r = e.r - e.rest;
  const auto tail = Fma(r * r, Polynomial(r, coefficients::kGrowthNear), -e.rest);
  const auto step = e.unit - 1;
  const auto step_lo = e.unit - (step + 1);
  const auto hi = Fma(e.unit, e.r, step);
  const auto lo = Fma(e.unit, e.r, step - hi) + step_lo;
  return decltype(SumOf(PartsOf(e))){hi, Fma(e.unit, tail, lo)};
}

// c + c_lo as hi + lo with the same sign: hi is c without all but its first 24 bits. Error 2^-48.
template <std::size_t K>
HWY_INLINE SinglePair<K> InSingles(double c, double c_lo) {
  constexpr std::uint64_t kLowBits = 0x1FFFFFFF;  // 29: those of double beyond float's
  const auto bits = std::bit_cast<std::uint64_t>(c) & ~kLowBits;
  const auto hi = std::bit_cast<double>(bits);
  return {Lanes<float, K>(hi), Lanes<float, K>((c - hi) + c_lo)};
}

// (factor.hi + factor.lo) x as hi + lo. ±inf: lo is NaN.
template <std::size_t K>
HWY_INLINE SinglePair<K> Times(const Lanes<float, K>& x, const SinglePair<K>& factor) {
  const Lanes<float, K> hi = x * factor.hi;
  return {hi, Fma(x, factor.lo, FmaSub(x, factor.hi, hi))};
}
// c x as hi + lo, for c of float32.
template <std::size_t K>
HWY_INLINE SinglePair<K> Times(const Lanes<float, K>& x, double c) {
  if (c == 1) return {x, 0};
  const Lanes<float, K> hi = x * c;
  return {hi, FmaSub(x, c, hi)};
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

// (c + c_lo) x, rounded. Measured error 2^-23.9 for SELU's constant. ±0: ±0, by the sign of c.
template <std::size_t K>
HWY_INLINE Lanes<float, K> RoundedProduct(double c, double c_lo, const Lanes<float, K>& x) {
  const SinglePair<K> factor = InSingles<K>(c, c_lo);
  return Fma(x, factor.hi, x * factor.lo);
}

// 1 + a as hi + lo, exactly, for a >= 0. ±0: 1.
template <std::size_t K>
HWY_INLINE SinglePair<K> OnePlus(const Lanes<float, K>& a) {
  return SumOfPositive(a, Lanes<float, K>(1));
}

// hi + lo, and inverse = 1 / hi.
template <std::size_t K>
struct SingleDenominator {
  Lanes<float, K> hi, lo, inverse;

  // 1 / (hi + lo) = inverse (1 + Error()).
  HWY_INLINE Lanes<float, K> Error() const { return NegFma(inverse, lo, NegFma(inverse, hi, 1)); }
};

template <std::size_t K>
HWY_INLINE SingleDenominator<K> DenominatorOf(const SinglePair<K>& a) {
  return {a.hi, a.lo, 1 / a.hi};
}

// 1 + e^x as hi + lo, and to divide by.
template <std::size_t K>
ACTFN_PIECE SinglePair<K> SumWithOne(const SingleExp<K>& e) {
  const SinglePair<K> one_plus = OnePlus(e.unit);
  const Lanes<float, K> hi = Fma(e.step, e.growth, one_plus.hi);
  return {hi, Fma(e.step, e.growth, one_plus.hi - hi) + one_plus.lo};
}
template <std::size_t K>
HWY_INLINE SingleDenominator<K> OnePlus(const SingleExp<K>& e) {
  return DenominatorOf(SumWithOne(e));
}

// x / (hi + lo), rounded. Error: 0.5 ulp and 2^-20 ulp, and that of hi + lo. ±0: 0, without its
// sign.
template <std::size_t K>
HWY_INLINE Lanes<float, K> Over(const Lanes<float, K>& x, const SingleDenominator<K>& d) {
  const Lanes<float, K> q = x * d.inverse;
  const Lanes<float, K> rest = NegFma(q, d.lo, NegFma(q, d.hi, x));
  return Fma(rest, d.inverse, q);
}
template <std::size_t K>
HWY_INLINE Lanes<float, K> Reciprocal(const SingleDenominator<K>& d) {
  return Fma(d.Error(), d.inverse, d.inverse);
}

// u n / d^2, rounded. Error: 1.5 ulp at most, as far as u, n and d are exact.
template <std::size_t K>
ACTFN_PIECE Lanes<float, K> OverSquare(const SinglePair<K>& u, const SinglePair<K>& n,
                                       const SingleDenominator<K>& d) {
  using V = Lanes<float, K>;
  const V error = d.Error();
  const V a = n.hi * d.inverse;
  const V a_lo = Fma(n.lo, d.inverse, FmaSub(n.hi, d.inverse, a));
  const V b = u.hi * d.inverse;
  const V b_lo = Fma(error + error, b, u.lo * d.inverse);
  return Fma(a, b, Fma(a, b_lo, a_lo * b));
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

// The derivative by x of x / (1 + e^-z(x)), from w = x z'(x) and e = e^-|z|. With m = 1 + e:
// z < 0: e (m + w) / m^2; z >= 0: (m + w e) / m^2. Range: |w| < 2^20 and |z| < kCleanReach.
template <std::size_t K>
ACTFN_PIECE Lanes<float, K> TimesLogisticSlope(const SinglePair<K>& w, const SingleExp<K>& e,
                                               const Mask<float, K>& left) {
  using V = Lanes<float, K>;
  const SinglePair<K> decay = SumOf(e);
  const SingleDenominator<K> d = OnePlus(e);
  const SinglePair<K> u = {Select(left, decay.hi, 1), SelectOrZero(left, decay.lo)};
  const SinglePair<K> t = {Select(left, 1, decay.hi), Select(left, 0, decay.lo)};
  const SinglePair<K> product = {w.hi * t.hi, FmaSub(w.hi, t.hi, w.hi * t.hi)};
  const SinglePair<K> n = TwoSum(d.hi, product.hi);
  const V n_lo = (n.lo + product.lo) + Fma(w.hi, t.lo, Fma(w.lo, t.hi, d.lo));
  return OverSquare(u, {n.hi, n_lo}, d);
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
