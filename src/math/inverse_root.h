// 1 / sqrt(1 + alpha x^2) and what is made of it.
#if defined(ACTFN_MATH_INVERSE_ROOT_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_INVERSE_ROOT_H_
#undef ACTFN_MATH_INVERSE_ROOT_H_
#else
#define ACTFN_MATH_INVERSE_ROOT_H_
#endif

#include "math/pair.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// Errors are relative and a few roundings of N: 2^-51 in Lanes<double>, 2^-100 in Pair.
template <class N>
struct InverseRoot {
  N a;  // |x|, limited to where all of the functions below have reached their limits
  N q;  // 1 / sqrt(1 + alpha a^2)
};

// alpha: float32's positive numbers, so that alpha a^2 stays within double's range.
template <class N>
HWY_INLINE InverseRoot<N> InverseRootOf(double alpha, const N& x) {
  const N a = Clamp(Abs(x), 0, alpha < 1 ? 0x1p500 : 0x1p400);
  return {a, 1 / Sqrt(1 + alpha * (a * a))};
}

// The derivative of a q: q^3.
template <class N>
HWY_INLINE N InverseRootSlope(const InverseRoot<N>& r) {
  return r.q * r.q * r.q;
}

// Minus its second derivative: 3 alpha a q^5. No product but the last ones can leave the range.
template <class N>
HWY_INLINE N InverseRootCurvature(double alpha, const InverseRoot<N>& r) {
  return 3 * alpha * r.a * r.q * r.q * (r.q * r.q * r.q);
}

// q^3 from y = a q: (1 - alpha y^2)^(3/2), where y may be rounded beyond 1/sqrt(alpha).
template <class N>
HWY_INLINE N InverseRootSlopeFrom(double alpha, const N& y) {
  const N square = Clamp(1 - alpha * (y * y), 0, 1);
  return square * Sqrt(square);
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
