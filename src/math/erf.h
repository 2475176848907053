// The error function.
#if defined(ACTFN_MATH_ERF_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_ERF_H_
#undef ACTFN_MATH_ERF_H_
#else
#define ACTFN_MATH_ERF_H_
#endif

#include "math/gauss.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// 2/sqrt(pi), the slope at 0.
template <class N>
HWY_INLINE N ErfSlope() {
  return Constant<N>(coefficients::kErfSlope[0], coefficients::kErfSlope[1]);
}

// erf(s) for 0 <= s <= 1/2; its relative error stays small as s goes to 0.
template <std::size_t K>
HWY_INLINE Lanes<double, K> ErfNear(const Lanes<double, K>& s) {
  return s * Polynomial(s * s, coefficients::kErfQuick);
}
template <std::size_t K>
HWY_INLINE Pair<K> ErfNear(const Pair<K>& s) {
  using N = Pair<K>;
  const N v = s * s;
  return ErfSlope<N>() * s * (1 + v * N(Polynomial(v.hi, coefficients::kErfPrecise)));
}

// erf(s) for s >= 0. Errors, relative: 2^-29, 2^-55.
template <class N>
ACTFN_PIECE N ErfOfMagnitude(const N& s) {
  const GaussTail<N> tail =
      GaussTailOf(s * Constant<N>(coefficients::kSqrtTwo[0], coefficients::kSqrtTwo[1]));
  const N far = 1 - 2 * tail.g * Beside(tail.bell);
  return Select(Leading(s) < 0.5, ErfNear(s), far);
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
