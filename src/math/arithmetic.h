// Correctly rounded building blocks and unevaluated sums of two float32 ("pairs").
//
// Every result bit of the library is decided by + - * / fma and integer operations alone, so that
// all instruction sets agree. Included once per instruction set, as Highway's -inl.h files are.
#if defined(ACTFN_MATH_ARITHMETIC_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_ARITHMETIC_H_
#undef ACTFN_MATH_ARITHMETIC_H_
#else
#define ACTFN_MATH_ARITHMETIC_H_
#endif

#include <hwy/highway.h>
#include <cmath>

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class V>
using TagOf = hn::DFromV<V>;

template <class V>
HWY_INLINE V Splat(float value) {
  return hn::Set(TagOf<V>(), value);
}

// a * b + c with one rounding, also where the instruction set has no fused multiply-add.
template <class V>
HWY_INLINE V Fma(V a, V b, V c) {
#if HWY_NATIVE_FMA
  return hn::MulAdd(a, b, c);
#else
  const TagOf<V> d;
  constexpr size_t kLanes = hn::MaxLanes(TagOf<V>());
  HWY_ALIGN float x[kLanes], y[kLanes], z[kLanes];
  hn::Store(a, d, x);
  hn::Store(b, d, y);
  hn::Store(c, d, z);
  for (size_t i = 0; i < hn::Lanes(d); ++i) z[i] = std::fma(x[i], y[i], z[i]);
  return hn::Load(d, z);
#endif
}

// c - a * b with one rounding.
template <class V>
HWY_INLINE V NegFma(V a, V b, V c) {
#if HWY_NATIVE_FMA
  return hn::NegMulAdd(a, b, c);
#else
  return Fma(hn::Neg(a), b, c);
#endif
}

// c0 + c1 x + c2 x^2 + …, by Horner's rule.
template <class V>
HWY_INLINE V Polynomial(V /*x*/, float c0) {
  return Splat<V>(c0);
}
template <class V, class... Rest>
HWY_INLINE V Polynomial(V x, float c0, Rest... rest) {
  return Fma(x, Polynomial(x, rest...), Splat<V>(c0));
}

// hi + lo, with |lo| at most half an ulp of hi or not much more.
template <class V>
struct Pair {
  V hi, lo;
};

// a + b exactly; needs |a| >= |b| or a == 0.
template <class V>
HWY_INLINE Pair<V> FastTwoSum(V a, V b) {
  const V s = hn::Add(a, b);
  return {s, hn::Sub(b, hn::Sub(s, a))};
}

// a + b exactly (Knuth).
template <class V>
HWY_INLINE Pair<V> TwoSum(V a, V b) {
  const V s = hn::Add(a, b);
  const V t = hn::Sub(s, a);
  return {s, hn::Add(hn::Sub(a, hn::Sub(s, t)), hn::Sub(b, t))};
}

// a * b exactly, barring underflow.
template <class V>
HWY_INLINE Pair<V> TwoProduct(V a, V b) {
  const V p = hn::Mul(a, b);
  return {p, Fma(a, b, hn::Neg(p))};
}

template <class V>
HWY_INLINE Pair<V> Plus(V a, Pair<V> b) {  // |a| >= |b|
  const Pair<V> s = FastTwoSum(a, b.hi);
  return {s.hi, hn::Add(s.lo, b.lo)};
}

template <class V>
HWY_INLINE Pair<V> Plus(Pair<V> a, Pair<V> b) {
  const Pair<V> s = TwoSum(a.hi, b.hi);
  return {s.hi, hn::Add(s.lo, hn::Add(a.lo, b.lo))};
}

template <class V>
HWY_INLINE Pair<V> Times(Pair<V> a, V b) {
  const Pair<V> p = TwoProduct(a.hi, b);
  return {p.hi, Fma(a.lo, b, p.lo)};
}

template <class V>
HWY_INLINE Pair<V> Times(Pair<V> a, Pair<V> b) {
  const Pair<V> p = TwoProduct(a.hi, b.hi);
  return {p.hi, Fma(a.hi, b.lo, Fma(a.lo, b.hi, p.lo))};
}

// a / b to about 2^-45, where `inverse` is 1 / b to within a few ulp.
template <class V>
HWY_INLINE Pair<V> OverBy(Pair<V> a, Pair<V> b, V inverse) {
  const V q = hn::Mul(a.hi, inverse);
  const V rest = hn::Add(NegFma(q, b.hi, a.hi), NegFma(q, b.lo, a.lo));
  return {q, hn::Mul(rest, inverse)};
}

template <class V>
HWY_INLINE Pair<V> Over(Pair<V> a, Pair<V> b) {
  return OverBy(a, b, hn::Div(Splat<V>(1.0F), b.hi));
}

template <class V>
HWY_INLINE Pair<V> Exactly(V a) {
  return {a, hn::Zero(TagOf<V>())};
}

template <class V>
HWY_INLINE Pair<V> Constant(float hi, float lo = 0) {
  return {Splat<V>(hi), Splat<V>(lo)};
}

template <class V>
HWY_INLINE Pair<V> Negate(Pair<V> a) {
  return {hn::Neg(a.hi), hn::Neg(a.lo)};
}

// a * x with little more than one rounding.
template <class V>
HWY_INLINE V RoundedProduct(Pair<V> a, V x) {
  return Fma(a.hi, x, hn::Mul(a.lo, x));
}

template <class V>
HWY_INLINE V Sum(Pair<V> a) {
  return hn::Add(a.hi, a.lo);
}

template <class M, class V>
HWY_INLINE Pair<V> Select(M mask, Pair<V> yes, Pair<V> no) {
  return {hn::IfThenElse(mask, yes.hi, no.hi), hn::IfThenElse(mask, yes.lo, no.lo)};
}

// x limited to [lo, hi]; NaN stays NaN, which Min and Max do not promise.
template <class V>
HWY_INLINE V ClampKeepingNan(V x, float lo, float hi) {
  const TagOf<V> d;
  const V low = hn::Set(d, lo);
  const V high = hn::Set(d, hi);
  const V raised = hn::IfThenElse(hn::Lt(x, low), low, x);
  return hn::IfThenElse(hn::Gt(raised, high), high, raised);
}

}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
