// SPDX-License-Identifier: Apache-2.0
// 1 / sqrt(1 + alpha x^2) and the derivatives of x / sqrt(1 + alpha x^2). lanes.h explains the form
// of the comments.
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

// q = 1 / sqrt(1 + alpha a^2). Measured error of q: 2^-51.8 | 2^-103.1. Range: alpha from float32's
// positive numbers, so that alpha a^2 stays finite; any x. ±0: 1. ±inf: as the largest a. NaN:
// unspecified.
template <class N>
struct InverseRoot {
  N a;  // |x|, at most 2^500 if alpha < 1, else 2^400: there the functions below reach their limits
  N q;  // 1 / sqrt(1 + alpha a^2)
};

template <class N>
HWY_INLINE InverseRoot<N> InverseRootOf(double alpha, const N& x) {
  const N a = Clamp(Abs(x), 0, alpha < 1 ? 0x1p500 : 0x1p400);
  return {a, 1 / Sqrt(1 + alpha * (a * a))};
}

// The derivative of a q by a: q^3. Error: three times that of q and two roundings.
template <class N>
HWY_INLINE N InverseRootSlope(const InverseRoot<N>& r) {
  return r.q * r.q * r.q;
}

// Minus the second derivative of a q: 3 alpha a q^5. Error: five times that of q and seven
// roundings. No product but the last ones can overflow or underflow.
template <class N>
HWY_INLINE N InverseRootCurvature(double alpha, const InverseRoot<N>& r) {
  return 3 * alpha * r.a * r.q * r.q * (r.q * r.q * r.q);
}

// q^3 from y = a q: (1 - alpha y^2)^(3/2). Cancellation limits the error: 1 - alpha y^2 has an
// absolute error of a few roundings of N. |y| > 1/sqrt(alpha), as rounding gives it, and ±inf: 0.
// ±0: 1. NaN: unspecified.
template <class N>
HWY_INLINE N InverseRootSlopeFrom(double alpha, const N& y) {
  const N square = Clamp(1 - alpha * (y * y), 0, 1);
  return square * Sqrt(square);
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
