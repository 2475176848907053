// The logistic function and products with it, by e^-|z|; far tails keep their power of two apart
// until the last rounding, so that subnormal results are right too.
#if defined(ACTFN_MATH_LOGISTIC_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_LOGISTIC_H_
#undef ACTFN_MATH_LOGISTIC_H_
#else
#define ACTFN_MATH_LOGISTIC_H_
#endif

#include "math/exp.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {

// What e^-a is to the logistic functions, for a >= 0. Beyond 200 every one of them has
// reached its limit, and the low part (which may be NaN there) is not read.
template <class V>
struct Decay {
  Pair<V> p;         // e^-a = p * 2^n
  IntOf<V> n;        //
  Pair<V> e;         // e^-a, good beside a 1
  Pair<V> one_plus;  // 1 + e^-a
};

template <class V>
HWY_INLINE Decay<V> DecayOf(Pair<V> magnitude) {
  const TagOf<V> d;
  const V limit = Splat<V>(200.0F);
  const auto beyond = hn::Gt(magnitude.hi, limit);
  const V a = hn::IfThenElse(beyond, limit, magnitude.hi);
  const V a_lo = hn::IfThenElse(beyond, hn::Zero(d), magnitude.lo);
  const ExpParts<V> parts = SplitExp(hn::Neg(a), hn::Neg(a_lo));
  const Pair<V> p = Mantissa(parts);
  const Pair<V> e = CoarseValue(p, parts.n);
  return {p, parts.n, e, Plus(Splat<V>(1.0F), e)};
}

template <class V>
HWY_INLINE Decay<V> DecayOf(V a) {
  return DecayOf(Exactly(a));
}

// n where the mask holds, 0 elsewhere: the scale of a quotient whose branch alone is deferred.
template <class M, class V>
HWY_INLINE IntOf<V> ScaleWhere(M mask, const Decay<V>& decay) {
  const hn::RebindToSigned<TagOf<V>> di;
  return hn::IfThenElseZero(hn::RebindMask(di, mask), decay.n);
}

// |z|, sign and low part together.
template <class V>
HWY_INLINE Pair<V> Magnitude(Pair<V> z) {
  return {hn::Abs(z.hi), hn::IfThenElse(hn::Lt(z.hi, hn::Zero(TagOf<V>())), hn::Neg(z.lo), z.lo)};
}

// 1 / (1 + e^-z), where decay = DecayOf(|z|) and `negative` says z < 0.
template <class M, class V>
HWY_INLINE Scaled<V> Logistic(M negative, const Decay<V>& decay) {
  const Pair<V> one = Constant<V>(1.0F);
  return {Over(Select(negative, decay.p, one), decay.one_plus), ScaleWhere(negative, decay)};
}

template <class V>
HWY_INLINE V LogisticOf(Pair<V> z) {
  return Round(Logistic(hn::Lt(z.hi, hn::Zero(TagOf<V>())), DecayOf(Magnitude(z))));
}

// e^-|z| / (1 + e^-|z|)^2, the derivative of the logistic function.
template <class V>
HWY_INLINE Scaled<V> LogisticSlope(const Decay<V>& decay) {
  return {Over(decay.p, Times(decay.one_plus, decay.one_plus)), decay.n};
}

// x / (1 + e^-z), where z has x's sign or its opposite. Where z is large the limits are reached:
// x itself, or 0.
template <class V>
HWY_INLINE V TimesLogistic(V x, Pair<V> z) {
  const V zero = hn::Zero(TagOf<V>());
  const auto negative = hn::Lt(z.hi, zero);
  const Scaled<V> s = Logistic(negative, DecayOf(Magnitude(z)));
  const V y = ScaleByPower(RoundedProduct(s.s, x), s.n);
  const V low = hn::IfThenElse(hn::Lt(z.hi, Splat<V>(-200.0F)), hn::CopySign(zero, x), y);
  return hn::IfThenElse(hn::Gt(z.hi, Splat<V>(100.0F)), x, low);
}

// d/dx of x / (1 + e^-z(x)), given w = x * z'(x), finite.
// With e = e^-|z|: z < 0: e (1 + e + w) / (1 + e)^2; z >= 0: (1 + e + w e) / (1 + e)^2.
template <class V>
HWY_INLINE V TimesLogisticSlope(Pair<V> w, Pair<V> z) {
  const auto negative = hn::Lt(z.hi, hn::Zero(TagOf<V>()));
  const Decay<V> decay = DecayOf(Magnitude(z));
  const Pair<V> left = Times(decay.p, Plus(decay.one_plus, w));
  const Pair<V> right = Plus(decay.one_plus, Times(decay.e, w));
  const Pair<V> square = Times(decay.one_plus, decay.one_plus);
  return Round(Scaled<V>{Over(Select(negative, left, right), square), ScaleWhere(negative, decay)});
}

// The slope of x / (1 + e^-z) where z = c x: there x * dz/dx is z again.
template <class V>
HWY_INLINE V SwishSlope(Pair<V> z) {
  const auto inside = hn::Le(hn::Abs(z.hi), Splat<V>(200.0F));
  const Pair<V> w = {ClampKeepingNan(z.hi, -200.0F, 200.0F), hn::IfThenElseZero(inside, z.lo)};
  return TimesLogisticSlope(w, w);
}

// tanh(a) for a >= 0, as (1 - e^-2a) / (1 + e^-2a).
template <class V>
HWY_INLINE Pair<V> TanhOfMagnitude(Pair<V> a) {
  const V factor = Splat<V>(-2.0F);
  const Pair<V> m = Expm1OfNegative(Pair<V>{hn::Mul(a.hi, factor), hn::Mul(a.lo, factor)});
  return Over(Negate(m), Plus(Splat<V>(2.0F), m));
}

// 1 - tanh(a)^2 for a >= 0, as 4 e^-2a / (1 + e^-2a)^2.
template <class V>
HWY_INLINE Scaled<V> TanhSlopeOfMagnitude(Pair<V> a) {
  const Scaled<V> slope = LogisticSlope(DecayOf(Pair<V>{hn::Add(a.hi, a.hi), hn::Add(a.lo, a.lo)}));
  const hn::RebindToSigned<TagOf<V>> di;
  return {slope.s, hn::Add(slope.n, hn::Set(di, 2))};
}

// Minus the second derivative of the logistic function at a >= 0: e (1 - e) / (1 + e)^3.
template <class V>
HWY_INLINE Scaled<V> LogisticCurvature(Pair<V> a) {
  const Decay<V> decay = DecayOf(a);
  const Pair<V> gap = Negate(Expm1OfNegative(Negate(a)));  // 1 - e, which cancels near 0
  const Pair<V> cube = Times(Times(decay.one_plus, decay.one_plus), decay.one_plus);
  return {Over(Times(decay.p, gap), cube), decay.n};
}

// Minus the second derivative of tanh at a >= 0: 2 tanh(a) (1 - tanh(a)^2).
template <class V>
HWY_INLINE Scaled<V> TanhCurvature(Pair<V> a) {
  const Scaled<V> slope = TanhSlopeOfMagnitude(a);
  return {Times(Times(slope.s, TanhOfMagnitude(a)), Splat<V>(2.0F)), slope.n};
}

// The second derivative of x / (1 + e^-z) where z = c x: c s' (2 - |z| tanh(|z|/2)).
template <class V>
HWY_INLINE V SwishCurvature(Pair<V> z, V c) {
  const auto inside = hn::Le(hn::Abs(z.hi), Splat<V>(200.0F));
  const Pair<V> limited = {ClampKeepingNan(z.hi, -200.0F, 200.0F),
                           hn::IfThenElseZero(inside, z.lo)};
  const Pair<V> a = Magnitude(limited);
  const V half = Splat<V>(0.5F);
  const Pair<V> halved = {hn::Mul(a.hi, half), hn::Mul(a.lo, half)};
  const Pair<V> factor = Plus(Constant<V>(2.0F), Negate(Times(a, TanhOfMagnitude(halved))));
  const Scaled<V> slope = LogisticSlope(DecayOf(a));
  return ScaleByPower(RoundedProduct(Times(slope.s, factor), c), slope.n);
}

}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
