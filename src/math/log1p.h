#if defined(ACTFN_MATH_LOG1P_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_LOG1P_H_
#undef ACTFN_MATH_LOG1P_H_
#else
#define ACTFN_MATH_LOG1P_H_
#endif

#include "math/logistic.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {

// log1p(e^-a) = result * 2^decay.n, where decay = DecayOf(a): with u = e^-a,
// u - u^2/2 + u^3 R(u), its first two terms exact.
template <class V>
HWY_INLINE Pair<V> Log1pMantissa(const Decay<V>& decay) {
  const V u = decay.e.hi;
  // tools/coefficients.py: error 0.24 of 2^-24.
  const V r = Polynomial(u, 0x1.555556p-2F, -0x1.ffff8cp-3F, 0x1.998a3ep-3F, -0x1.54880ap-3F,
                         0x1.1efb94p-3F, -0x1.d18794p-4F, 0x1.4a39cap-4F, -0x1.66cd54p-5F,
                         0x1.f635fap-7F, -0x1.485348p-9F);
  const V half = hn::Mul(u, Splat<V>(-0.5F));
  const Pair<V> bend = FastTwoSum(half, hn::Mul(hn::Mul(u, u), r));
  const Pair<V> below = {bend.hi, Fma(decay.e.lo, Splat<V>(-0.5F), bend.lo)};
  return Times(decay.p, Plus(Splat<V>(1.0F), below));
}

}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
