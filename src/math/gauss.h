// The lower tail of the normal distribution.
#if defined(ACTFN_MATH_GAUSS_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_GAUSS_H_
#undef ACTFN_MATH_GAUSS_H_
#else
#define ACTFN_MATH_GAUSS_H_
#endif

#include "math/exp.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// Phi(-t) = g(t) * bell, bell = e^(-t^2/2), for t >= 0. Errors, relative: 2^-29, 2^-55.
template <class N>
struct GaussTail {
  N t;  // as used: at most 14.8 or 39, where t * Phi(-t) is below half the smallest subnormal
  N g;
  Scaled<N> bell;
};

template <std::size_t K>
ACTFN_PIECE GaussTail<Lanes<double, K>> GaussTailOf(const Lanes<double, K>& magnitude) {
  using N = Lanes<double, K>;
  const N t = Min(magnitude, 14.8);
  // One division serves y = (t-3)/(t+3) and the quotient by t+1.5.
  const N near = t + 1.5;
  const N far = t + 3;
  const N inverse = 1 / (near * far);
  const N q = Polynomial((t - 3) * (near * inverse), coefficients::kGaussQuick);
  return {t, q * (far * inverse), ExpDown(-0.5 * (t * t))};
}

template <std::size_t K>
ACTFN_LONG_PIECE GaussTail<Pair<K>> GaussTailOf(const Pair<K>& magnitude) {
  using N = Pair<K>;
  const N t = Clamp(magnitude, 0, 39);
  const N y = (t - 3) / (t + 3);
  const N bend = Polynomial(y.hi, coefficients::kGaussPrecise);
  const N middle = Constant<N>(coefficients::kGaussMiddle[0], coefficients::kGaussMiddle[1]);
  return {t, (middle + y * bend) / (t + 1.5), ExpDown(-0.5 * (t * t))};
}

template <class N>
HWY_INLINE N InverseSqrt2Pi() {
  return Constant<N>(coefficients::kInverseSqrt2Pi[0], coefficients::kInverseSqrt2Pi[1]);
}

// x <= 0: x Phi(x); x > 0: x - x Phi(-x). Never by 1 + erf, which loses every digit of the tail.
template <class N>
HWY_INLINE auto TimesGaussCdf(const N& x) {
  const GaussTail<N> tail = GaussTailOf(Abs(x));
  const Scaled<N> gap = tail.bell * (tail.g * tail.t);
  const auto y = Round(Select(x < 0, -gap, Scaled<N>(x - Beside(gap))));
  return ItselfBeyond(50, x, y);
}

// The derivative of x Phi(x). With t = |x|: x <= 0: Phi(-t) - t phi(t); x > 0: 1 less that.
template <class N>
HWY_INLINE auto TimesGaussCdfSlope(const N& x) {
  const GaussTail<N> tail = GaussTailOf(Abs(x));
  const Scaled<N> left = tail.bell * (tail.g - tail.t * InverseSqrt2Pi<N>());
  return Round(Select(x < 0, left, Scaled<N>(1 - Beside(left))));
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
