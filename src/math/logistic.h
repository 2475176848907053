// SPDX-License-Identifier: Apache-2.0
// The logistic function, tanh and their derivatives, by e^-|z|. lanes.h explains the form of the
// comments.
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

// e^-a for a >= 0, in the forms that the functions below need. Errors, range and special arguments:
// those of ExpDown(-a).
template <class N>
struct Decay {
  Scaled<N> e;
  N unscaled;  // e as an N: for sums with 1
  N one_plus;  // 1 + e
};

template <class N>
ACTFN_PIECE Decay<N> DecayOf(const N& a) {
  const Scaled<N> e = ExpDown(-a);
  const N unscaled = Unscaled(e);
  return {e, unscaled, 1 + unscaled};
}

// 1 / (1 + e^-z). Measured error 2^-36.5 | 2^-58.0. Range: any z; in Lanes<double>, z < -700 counts
// as -700, where float32 is 0. inf: 1. -inf: 0 when stored. ±0: 1/2. NaN: unspecified.
template <std::size_t K>
ACTFN_PIECE Lanes<double, K> Logistic(const Lanes<double, K>& z) {
  return 1 / (1 + ExpOf(-z));
}
template <std::size_t K>
ACTFN_LONG_PIECE ScaledPair<K> Logistic(const Pair<K>& z) {
  const Decay<Pair<K>> decay = DecayOf(Abs(z));
  return Select(z < 0, decay.e, ScaledPair<K>(1)) / decay.one_plus;
}

// The derivative of the logistic function, which is even: e^-a / (1 + e^-a)^2, from DecayOf(a), a
// >= 0. Measured error 2^-36.5 | 2^-58.0. inf: 0 when stored. ±0: 1/4. NaN: unspecified.
template <class N>
ACTFN_PIECE Scaled<N> LogisticSlope(const Decay<N>& decay) {
  return decay.e / (decay.one_plus * decay.one_plus);
}

// The same at any z.
template <class N>
HWY_INLINE Scaled<N> LogisticSlopeAt(const N& z) {
  return LogisticSlope(DecayOf(Abs(z)));
}

// x / (1 + e^-z), rounded in Pair. Measured error 2^-36.5 | 2^-52.9. Range: |x| up to 2^900 where z
// <= 100. x = ±0: ±0. z = inf: x. z < -600 | -1600, and -inf: 0 with the sign of x. NaN:
// unspecified.
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

// The derivative by x of x / (1 + e^-z(x)), from w = x z'(x). With e = e^-|z|:
// z < 0: e (1 + e + w) / (1 + e)^2; z >= 0: (1 + e + w e) / (1 + e)^2.
// Measured absolute error for w = z: see SwishSlope. Range: finite w. z = inf: 1; -inf: 0 when
// stored. NaN: unspecified.
template <class N>
ACTFN_PIECE Scaled<N> TimesLogisticSlope(const N& w, const N& z) {
  const Decay<N> decay = DecayOf(Abs(z));
  const Scaled<N> left = decay.e * (decay.one_plus + w);
  const Scaled<N> right = decay.one_plus + w * decay.unscaled;
  return Select(Leading(z) < 0, left, right) / (decay.one_plus * decay.one_plus);
}

// The derivative of x / (1 + e^-z) by x for z = c x, for which x z'(x) is z. Measured absolute
// error 2^-38.5 | 2^-60.6. inf: 1. -inf: -0 when stored. ±0: 1/2. NaN: unspecified.
template <class N>
ACTFN_PIECE Scaled<N> SwishSlope(const N& z) {
  const N w = Clamp(z, -1600, 1600);
  return TimesLogisticSlope(w, w);
}

// tanh(a) for a >= 0, as (1 - e^-2a) / (1 + e^-2a). Measured error 2^-31.0 | 2^-56.8, also near 0.
// inf: 1. ±0: -0, so callers copy the sign. For a < 0 and NaN: unspecified.
template <class N>
ACTFN_PIECE N TanhOfMagnitude(const N& a) {
  const N m = Expm1Down(-2 * a);
  return -m / (2 + m);
}

// The derivative of tanh, 1 - tanh(a)^2, for a >= 0, as 4 e^-2a / (1 + e^-2a)^2. Measured error
// 2^-36.5 | 2^-58.0. inf: 0 when stored. ±0: 1. For a < 0 and NaN: unspecified.
template <class N>
ACTFN_PIECE Scaled<N> TanhSlopeOfMagnitude(const N& a) {
  return LogisticSlope(DecayOf(2 * a)) * 4;
}

// Minus the second derivative of the logistic function, for a >= 0: e (1 - e) / (1 + e)^3, e =
// e^-a. Measured error 2^-31.0 | 2^-56.7. inf: 0 when stored. ±0: 0 of either sign. For a < 0 and
// NaN: unspecified.
template <class N>
ACTFN_PIECE Scaled<N> LogisticCurvature(const N& a) {
  const Decay<N> decay = DecayOf(a);
  const N gap = -Expm1Down(-a);  // 1 - e, which cancels near 0
  return decay.e * gap / (decay.one_plus * decay.one_plus * decay.one_plus);
}

// Minus the second derivative of tanh, for a >= 0: 2 tanh(a) (1 - tanh(a)^2). Measured error
// 2^-31.0 | 2^-56.7. inf: 0 when stored. ±0: 0 of either sign. For a < 0 and NaN: unspecified.
template <class N>
ACTFN_PIECE Scaled<N> TanhCurvature(const N& a) {
  return TanhSlopeOfMagnitude(a) * TanhOfMagnitude(a) * 2;
}

// The second derivative of x / (1 + e^-z) by x for z = c x: c s' (2 - |z| tanh(|z|/2)), s' being
// the derivative of the logistic function at z. Measured absolute error for c = 1: 2^-38.7 |
// 2^-60.8. ±inf: 0 when stored, with the sign of -c. ±0: c/2. NaN: unspecified.
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
