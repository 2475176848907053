// SPDX-License-Identifier: Apache-2.0
// Pieces for results of at most 4 ulp (Accuracy::fast), in float32 lanes. Range: that of single.h;
// the loops compute other elements as those of accurate, so tails and subnormal results are as
// right. lanes.h explains the form of the comments; errors are single numbers here.
#if defined(ACTFN_MATH_FAST_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_FAST_H_
#undef ACTFN_MATH_FAST_H_
#else
#define ACTFN_MATH_FAST_H_
#endif

#include "math/fast_coefficients.h"
#include "math/half.h"
#include "math/marked.h"
#include "math/single_gauss.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

template <std::size_t K>
using Fast = Marked<float, K, Mark::fast>;

template <class N>
inline constexpr bool kIsFast = false;
template <std::size_t K>
inline constexpr bool kIsFast<Fast<K>> = true;

// x = (k + f) ln 2 for the whole number k, which is in the low bits of `shifted`; |f| <= 1/2.
// Error of f: 2^-25.
template <std::size_t K>
struct FastSteps {
  Lanes<float, K> shifted, f;
};
template <std::size_t K>
HWY_INLINE FastSteps<K> FastStepsOf(const Lanes<float, K>& x) {
  using V = Lanes<float, K>;
  const V log2_e = 0x1.715476p0;
  const V shifted = Fma(x, log2_e, 0x1.8p23);
  return {shifted, Fma(x, 0x1.4ae0cp-26, FmaSub(x, log2_e, shifted - 0x1.8p23))};
}

template <std::size_t K>
HWY_INLINE FastSteps<K> FastStepsOf(const SinglePair<K>& x) {
  const FastSteps<K> e = FastStepsOf(x.hi);
  return {e.shifted, Fma(x.lo, 0x1.715476p0, e.f)};
}

// e^x. Error 2^-22.9. Range: |x| < kSingleReach. ±0: 1.
template <std::size_t K>
ACTFN_PIECE Fast<K> ExpOf(const FastSteps<K>& e) {
  return Fast<K>(TimesPowerOfTwo(Polynomial(e.f, coefficients::kExp2Fast), e.shifted));
}
template <std::size_t K>
HWY_INLINE Fast<K> ExpOf(const Fast<K>& x) {
  return ExpOf(FastStepsOf(x.v));
}
// The same for x <= 0, where x below -kSingleReach counts as that.
template <std::size_t K>
HWY_INLINE Fast<K> ExpDown(const Fast<K>& x) {
  return ExpOf(Max(x, -kSingleReach));
}
template <std::size_t K>
HWY_INLINE Fast<K> ExpOf(const SinglePair<K>& x) {
  return ExpOf(FastStepsOf(x));
}

// e^x - 1 for -kSingleReach < x <= 0. Error 2^-22.6, also near 0. ±0: 0.
template <std::size_t K>
ACTFN_PIECE Fast<K> Expm1Of(const FastSteps<K>& e) {
  using V = Lanes<float, K>;
  const auto& c = coefficients::kExp2m1Fast;
  const V unit = TimesPowerOfTwo(V(1), e.shifted);
  V q = c[std::size(c) - 1];
  for (std::size_t i = std::size(c) - 1; i-- > 0;) q = Fma(q, e.f, V(c[i]));  // more exact so
  return Fast<K>(Fma(unit * e.f, q, unit - 1));
}
template <std::size_t K>
HWY_INLINE Fast<K> Expm1Of(const SinglePair<K>& x) {
  return Expm1Of(FastStepsOf(x));
}
// The same for all x <= 0: x below -kSingleReach counts as that.
template <std::size_t K>
HWY_INLINE Fast<K> Expm1Down(const Fast<K>& x) {
  return Expm1Of(FastStepsOf(Max(x.v, -kSingleReach)));
}

// 1 / (1 + e^-z) and x / (1 + e^-z). Error 2^-22.3: at most 3.2 ulp. Range: z > -kSingleReach. z =
// ±0: 1/2; x = ±0: ±0.
template <std::size_t K>
ACTFN_PIECE Fast<K> LogisticDenominator(const Fast<K>& z) {
  return 1 + ExpOf(-Min(z, kSingleReach));
}
template <std::size_t K>
HWY_INLINE Fast<K> Logistic(const Fast<K>& z) {
  return 1 / LogisticDenominator(z);
}
template <std::size_t K>
HWY_INLINE Fast<K> TimesLogistic(const Fast<K>& x, const Fast<K>& z) {
  return x / LogisticDenominator(z);
}

// The derivative of the logistic function, by e = e^-|z|: e / (1 + e)^2. Error: at most 4 ulp.
// Range: |z| < kCleanReach. ±0: 1/4.
template <std::size_t K>
ACTFN_PIECE Fast<K> LogisticSlopeAt(const Fast<K>& z) {
  const Fast<K> e = ExpDown(-Abs(z));
  return e / Fma(e, e + 2, 1);
}
// The derivative of tanh for a >= 0. Range: a < kTanhSlopeReach.
template <std::size_t K>
HWY_INLINE Fast<K> TanhSlopeOfMagnitude(const Fast<K>& a) {
  return 4 * LogisticSlopeAt(2 * a);
}
// log(1 + u) for 0 <= u <= 1, and log(1 + e^-a) for a >= 0. Range of the latter: a < kSingleReach.
template <std::size_t K>
ACTFN_PIECE Fast<K> Log1pOf(const Fast<K>& u) {
  return u * Fast<K>(Polynomial(u.v, coefficients::kLog1pFast));
}
template <std::size_t K>
HWY_INLINE Fast<K> Log1pOfDecay(const Fast<K>& a) {
  return Log1pOf(ExpDown(-a));
}

// e^(t^2/2) Phi(-t) for 0 <= t <= 12.
template <std::size_t K>
HWY_INLINE Lanes<float, K> GaussTailRatio(const Lanes<float, K>& t) {
  using V = Lanes<float, K>;
  constexpr std::size_t kRows = std::size(coefficients::kGaussFast);
  const V shifted = t + 1.125;
  // The index of the interval: the last two bits of the exponent and the first of the fraction.
  const V k = OctaveHalf(shifted);
  const auto& rows = coefficients::kGaussFast;
  const V d = t - EighthEntry(rows[0], k);
  V p = EighthEntry(rows[kRows - 1], k);
  for (std::size_t r = kRows - 2; r > 0; --r) p = Fma(p, d, EighthEntry(rows[r], k));
  return p;
}

// x Phi(x). Error: at most 4 ulp. Range: x > -kSingleGaussReach. ±0: ±0.
template <std::size_t K>
ACTFN_PIECE Fast<K> TimesGaussCdf(const Fast<K>& x) {
  using V = Lanes<float, K>;
  const V t = Min(Abs(x.v), kSingleGaussReach);
  const Fast<K> bell = ExpOf(MinusHalfSquare(t));
  const V tail = t * GaussTailRatio(t);
  return Fast<K>(WithSign(NegFma(tail, bell.v, Max(x.v, 0)), x.v));
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
