// e^x as p * 2^n with p in [0.7, 1.42] kept as a pair, so that sums, quotients and the last
// rounding (into subnormals too) can be done by whoever needs them.
#if defined(ACTFN_MATH_EXP_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_EXP_H_
#undef ACTFN_MATH_EXP_H_
#else
#define ACTFN_MATH_EXP_H_
#endif

#include "math/arithmetic.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {

template <class V>
using IntOf = hn::Vec<hn::RebindToSigned<TagOf<V>>>;

// 2^n, for -126 <= n <= 127.
template <class V>
HWY_INLINE V PowerOfTwo(IntOf<V> n) {
  const TagOf<V> d;
  const hn::RebindToSigned<TagOf<V>> di;
  return hn::BitCast(d, hn::ShiftLeft<23>(hn::Add(n, hn::Set(di, 127))));
}

// y * 2^n with one rounding, for n <= 254 and y no further from 1 than 2^±100: the first product
// is exact. What would need n below -252 is 0 anyway.
template <class V>
HWY_INLINE V ScaleByPower(V y, IntOf<V> n) {
  const hn::RebindToSigned<TagOf<V>> di;
  const IntOf<V> whole = hn::Max(n, hn::Set(di, -252));
  const IntOf<V> half = hn::ShiftRight<1>(whole);
  return hn::Mul(hn::Mul(y, PowerOfTwo<V>(half)), PowerOfTwo<V>(hn::Sub(whole, half)));
}

template <class V>
struct ExpParts {
  Pair<V> tail;  // e^r - 1, |r| <= ln2/2
  IntOf<V> n;
};

// Splits e^(hi+lo), for |hi| <= 200 (NaN gives a NaN tail): error of 1 + tail below 0.1 * 2^-24.
template <class V>
HWY_INLINE ExpParts<V> SplitExp(V hi, V lo) {
  // Adding 1.5 * 2^23 rounds to the nearest integer, which then stands in the low bits.
  const V magic = Splat<V>(0x1.8p23F);
  const V shifted = Fma(hi, Splat<V>(0x1.715476p0F), magic);
  const V n = hn::Sub(shifted, magic);
  const V exact = NegFma(n, Splat<V>(0x1.62e4p-1F), hi);
  const V ln2_lo = Splat<V>(0x1.7f7d1cp-20F);
  const V r = NegFma(n, ln2_lo, exact);
  const V r_lo = hn::Add(NegFma(n, ln2_lo, hn::Sub(exact, r)), lo);
  // tools/coefficients.py: error 0.02 of 2^-24.
  const V c = Polynomial(r, 0x1.555556p-2F, 0x1.555518p-4F, 0x1.1110f6p-6F, 0x1.6d11fep-9F,
                         0x1.a0f946p-12F);
  const Pair<V> square = TwoProduct(hn::Mul(r, Splat<V>(0.5F)), r);
  const Pair<V> curve = FastTwoSum(square.hi, hn::Mul(hn::Mul(r, square.hi), c));
  const Pair<V> tail = FastTwoSum(r, curve.hi);
  const V low = hn::Add(tail.lo, hn::Add(curve.lo, square.lo));
  const hn::RebindToSigned<TagOf<V>> di;
  return {{tail.hi, Fma(tail.hi, r_lo, hn::Add(low, r_lo))},
          hn::Sub(hn::BitCast(di, shifted), hn::Set(di, 0x4B400000))};
}

template <class V>
HWY_INLINE Pair<V> Mantissa(const ExpParts<V>& e) {
  return Plus(Splat<V>(1.0F), e.tail);
}

// p * 2^n as an ordinary pair, for n <= 0; n below -126 counts as -126: only for use beside a
// term that makes so small a number vanish.
template <class V>
HWY_INLINE Pair<V> CoarseValue(Pair<V> p, IntOf<V> n) {
  const hn::RebindToSigned<TagOf<V>> di;
  const V unit = PowerOfTwo<V>(hn::Max(n, hn::Set(di, -126)));
  return {hn::Mul(p.hi, unit), hn::Mul(p.lo, unit)};
}

// A pair times 2^n.
template <class V>
struct Scaled {
  Pair<V> s;
  IntOf<V> n;
};

template <class V>
HWY_INLINE V Round(Scaled<V> v) {
  return ScaleByPower(Sum(v.s), v.n);
}

// x limited to [-200, 0]: below, e^x is 0 in float32, times any factor too. The low part of what is
// cut off may be NaN.
template <class V>
HWY_INLINE Pair<V> NegativePart(Pair<V> x) {
  const auto inside = hn::Ge(x.hi, Splat<V>(-200.0F));
  return {ClampKeepingNan(x.hi, -200.0F, 0.0F), hn::IfThenElseZero(inside, x.lo)};
}

// e^x for x <= 0; for x > 0 something finite.
template <class V>
HWY_INLINE Scaled<V> ExpOfNegative(Pair<V> x) {
  const Pair<V> c = NegativePart(x);
  const ExpParts<V> e = SplitExp(c.hi, c.lo);
  return {Mantissa(e), e.n};
}

// factor * v, where the factor may be so large or small that the product alone, unlike the scaled
// one, overflows or vanishes: its power of two joins the scale.
template <class V>
HWY_INLINE Scaled<V> TimesAny(Scaled<V> v, float factor) {
  const TagOf<V> d;
  const hn::RebindToSigned<TagOf<V>> di;
  const auto bits = hn::BitCast(di, Splat<V>(factor));
  const auto exponent = hn::And(hn::ShiftRight<23>(bits), hn::Set(di, 0xFF));
  const auto normal = hn::Gt(exponent, hn::Zero(di));
  const auto power = hn::IfThenElseZero(normal, hn::Sub(exponent, hn::Set(di, 127)));
  const V mantissa = hn::BitCast(d, hn::Sub(bits, hn::ShiftLeft<23>(power)));
  return {Times(v.s, mantissa), hn::Add(v.n, power)};
}

// e^x - 1 for x <= 0; its relative error stays small as x goes to 0. For x > 0 something finite.
template <class V>
HWY_INLINE Pair<V> Expm1OfNegative(Pair<V> x) {
  const Pair<V> c = NegativePart(x);
  const ExpParts<V> e = SplitExp(c.hi, c.lo);
  const hn::RebindToSigned<TagOf<V>> di;
  const V unit = PowerOfTwo<V>(hn::Max(e.n, hn::Set(di, -126)));
  const Pair<V> scaled = {hn::Mul(e.tail.hi, unit), hn::Mul(e.tail.lo, unit)};
  const Pair<V> base = FastTwoSum(Splat<V>(-1.0F), unit);
  const Pair<V> sum = Plus(base.hi, scaled);
  return {sum.hi, hn::Add(sum.lo, base.lo)};
}

}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
