#if defined(ACTFN_MATH_GAUSS_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_GAUSS_H_
#undef ACTFN_MATH_GAUSS_H_
#else
#define ACTFN_MATH_GAUSS_H_
#endif

#include "math/exp.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {

// The lower tail of the normal distribution: Phi(-t) = g(t) * p * 2^n, where p * 2^n = e^(-t^2/2).
template <class V>
struct GaussTail {
  V t;        // as used: |x|, at most 14.8, where t * Phi(-t) is below the smallest subnormal
  Pair<V> g;  // e^(t^2/2) Phi(-t), relative error below 2^-25
  Pair<V> p;
  IntOf<V> n;
};

template <class V>
HWY_INLINE GaussTail<V> GaussTailOf(Pair<V> magnitude) {
  const V t = ClampKeepingNan(magnitude.hi, 0.0F, 14.8F);
  const V t_lo = hn::IfThenElseZero(hn::Lt(magnitude.hi, Splat<V>(14.8F)), magnitude.lo);
  // Rounding t^2 would cost up to 100 ulp in the tail: keep what it loses.
  const Pair<V> half_square = TwoProduct(hn::Mul(t, Splat<V>(0.5F)), t);
  const V square_lo = Fma(t, t_lo, half_square.lo);
  const ExpParts<V> e = SplitExp(hn::Neg(half_square.hi), hn::Neg(square_lo));
  // One division serves y = (t-3)/(t+3) and the quotient by t+1.5.
  const Pair<V> near = TwoSum(t, Splat<V>(1.5F));
  const V far = hn::Add(t, Splat<V>(3.0F));
  const V inverse = hn::Div(Splat<V>(1.0F), hn::Mul(near.hi, far));
  const V y = hn::Mul(hn::Sub(t, Splat<V>(3.0F)), hn::Mul(near.hi, inverse));
  // tools/coefficients.py: error 0.18 of 2^-24.
  const V bend = Polynomial(y, -0x1.990b0ap-3F, 0x1.721d9ap-5F, 0x1.6965p-6F, -0x1.421d9ep-6F,
                            0x1.55f7eep-9F, 0x1.478636p-9F, -0x1.0ddb98p-11F, -0x1.b12194p-12F,
                            0x1.6cb0aap-15F, 0x1.9cb66ep-15F);
  const Pair<V> q = Plus(Splat<V>(0x1.17f7d8p-1F), TwoProduct(y, bend));
  Pair<V> g = OverBy(q, near, hn::Mul(far, inverse));
  // g' = t g - 1/sqrt(2 pi) carries what t lacks.
  const V slope = Fma(t, g.hi, Splat<V>(-0x1.988454p-2F));
  g.lo = Fma(slope, t_lo, g.lo);
  return {t, g, Mantissa(e), e.n};
}

}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
