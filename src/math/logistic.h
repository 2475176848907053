// The logistic function and what is made of it, by e^-|z|.
#if defined(ACTFN_MATH_LOGISTIC_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_LOGISTIC_H_
#undef ACTFN_MATH_LOGISTIC_H_
#else
#define ACTFN_MATH_LOGISTIC_H_
#endif

#include "math/exp.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// What e^-a is to the logistic functions, for a >= 0.
template <class N>
struct Decay {
  Scaled<N> e;
  N beside;    // e, good beside a 1
  N one_plus;  // 1 + e
};

template <class N>
ACTFN_PIECE Decay<N> DecayOf(const N& a) {
  const Scaled<N> e = ExpDown(-a);
  const N beside = Beside(e);
  return {e, beside, 1 + beside};
}

// 1 / (1 + e^-z)
template <std::size_t K>
ACTFN_PIECE Lanes<double, K> Logistic(const Lanes<double, K>& z) {
  return 1 / (1 + ExpOf(-z));
}
template <std::size_t K>
ACTFN_LONG_PIECE ScaledPair<K> Logistic(const Pair<K>& z) {
  const Decay<Pair<K>> decay = DecayOf(Abs(z));
  return Select(z < 0, decay.e, ScaledPair<K>(1)) / decay.one_plus;
}

// e^-a / (1 + e^-a)^2, the derivative of the logistic function, even in its argument; a >= 0.
template <class N>
ACTFN_PIECE Scaled<N> LogisticSlope(const Decay<N>& decay) {
  return decay.e / (decay.one_plus * decay.one_plus);
}

// x / (1 + e^-z). Where z is large the limits are reached: x itself, or 0.
template <std::size_t K>
ACTFN_PIECE Lanes<double, K> TimesLogistic(const Lanes<double, K>& x, const Lanes<double, K>& z) {
  const Lanes<double, K> y = x / (1 + ExpOf(-z));
  return Select(z < -600, CopySign(0, x), y);
}
template <std::size_t K>
ACTFN_LONG_PIECE Lanes<double, K> TimesLogistic(const Pair<K>& x, const Pair<K>& z) {
  const Lanes<double, K> y = Round(Logistic(z) * Clamp(x, -0x1p900, 0x1p900));
  const Lanes<double, K> left = Select(z < -1600, CopySign(0, x.hi), y);
  return Select(Or(z > 100, x.hi == 0), Select(x.hi == 0, x.hi, Round(x)), left);
}

// d/dx of x / (1 + e^-z(x)), given w = x * z'(x), finite. With e = e^-|z|:
// z < 0: e (1 + e + w) / (1 + e)^2; z >= 0: (1 + e + w e) / (1 + e)^2.
template <class N>
ACTFN_PIECE Scaled<N> TimesLogisticSlope(const N& w, const N& z) {
  const Decay<N> decay = DecayOf(Abs(z));
  const Scaled<N> left = decay.e * (decay.one_plus + w);
  const Scaled<N> right = decay.one_plus + w * decay.beside;
  return Select(Leading(z) < 0, left, right) / (decay.one_plus * decay.one_plus);
}

// The slope of x / (1 + e^-z) where z = c x: there x * dz/dx is z again.
template <class N>
ACTFN_PIECE Scaled<N> SwishSlope(const N& z) {
  const N w = Clamp(z, -1600, 1600);
  return TimesLogisticSlope(w, w);
}

// tanh(a) for a >= 0, as (1 - e^-2a) / (1 + e^-2a).
template <class N>
ACTFN_PIECE N TanhOfMagnitude(const N& a) {
  const N m = Expm1Down(-2 * a);
  return -m / (2 + m);
}

// 1 - tanh(a)^2 for a >= 0, as 4 e^-2a / (1 + e^-2a)^2.
template <class N>
ACTFN_PIECE Scaled<N> TanhSlopeOfMagnitude(const N& a) {
  return LogisticSlope(DecayOf(2 * a)) * 4;
}

// Minus the second derivative of the logistic function at a >= 0: e (1 - e) / (1 + e)^3.
template <class N>
ACTFN_PIECE Scaled<N> LogisticCurvature(const N& a) {
  const Decay<N> decay = DecayOf(a);
  const N gap = -Expm1Down(-a);  // 1 - e, which cancels near 0
  return decay.e * gap / (decay.one_plus * decay.one_plus * decay.one_plus);
}

// Minus the second derivative of tanh at a >= 0: 2 tanh(a) (1 - tanh(a)^2).
template <class N>
ACTFN_PIECE Scaled<N> TanhCurvature(const N& a) {
  return TanhSlopeOfMagnitude(a) * TanhOfMagnitude(a) * 2;
}

// The second derivative of x / (1 + e^-z) where z = c x: c s' (2 - |z| tanh(|z|/2)).
template <class N>
ACTFN_PIECE Scaled<N> SwishCurvature(const N& z, double c) {
  const N a = Abs(Clamp(z, -1600, 1600));
  const N factor = 2 - a * TanhOfMagnitude(0.5 * a);
  return LogisticSlope(DecayOf(a)) * factor * c;
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
