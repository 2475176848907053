// SPDX-License-Identifier: Apache-2.0
// Pieces for results of 16 bits, in float32 lanes: bfloat16 keeps 8 bits of a result and float16
// keeps 11, so errors of 2^-17 do not show. Range: that of single.h; the loops take other elements
// from the kernels of float32. lanes.h explains the form of the comments; errors are single numbers
// here.
#if defined(ACTFN_MATH_HALF_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_HALF_H_
#undef ACTFN_MATH_HALF_H_
#else
#define ACTFN_MATH_HALF_H_
#endif

#include "math/gauss.h"
#include "math/half_coefficients.h"
#include "math/log1p.h"
#include "math/marked.h"
#include "math/single.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

template <std::size_t K>
using Half = Marked<float, K, Mark::half>;

template <class N>
inline constexpr bool kIsHalf = false;
template <std::size_t K>
inline constexpr bool kIsHalf<Half<K>> = true;

// a / c, by 1 / c.
template <std::size_t K>
HWY_INLINE Half<K> operator/(const Half<K>& a, double c) {
  return a * (1 / c);
}

// x = (k + f) ln 2 for the whole number k, which is in the low bits of `shifted`; |f| <= 1/2.
template <std::size_t K>
struct HalfSteps {
  Lanes<float, K> shifted, f;
};
template <std::size_t K>
HWY_INLINE HalfSteps<K> HalfStepsOf(const Half<K>& x) {
  using V = Lanes<float, K>;
  const V log2_e = 0x1.715476p0;
  const V shifted = Fma(x.v, log2_e, 0x1.8p23);
  return {shifted, FmaSub(x.v, log2_e, shifted - 0x1.8p23)};
}

// y 2^k
template <std::size_t K>
HWY_INLINE Lanes<float, K> TimesPowerOfTwo(const Lanes<float, K>& y,
                                           const Lanes<float, K>& shifted) {
  const Tag<std::int32_t> di;
  Lanes<float, K> r;
  for (std::size_t i = 0; i < K; ++i) {
    const auto k = hn::ShiftLeft<23>(hn::BitCast(di, shifted.v[i]));
    r.v[i] = hn::BitCast(Tag<float>(), hn::Add(hn::BitCast(di, y.v[i]), k));
  }
  return r;
}

// e^x. Error 2^-17.5. Range: |x| < kSingleReach. ±0: 1.
template <std::size_t K>
ACTFN_PIECE Half<K> ExpOf(const Half<K>& x) {
  const HalfSteps<K> e = HalfStepsOf(x);
  return Half<K>(TimesPowerOfTwo(Polynomial(e.f, coefficients::kExp2Half), e.shifted));
}
// The same for x <= 0, where x below -kSingleReach counts as that.
template <std::size_t K>
HWY_INLINE Half<K> ExpDown(const Half<K>& x) {
  return ExpOf(Max(x, -kSingleReach));
}

// e^x - 1 for x <= 0; x below -kSingleReach counts as that. Error 2^-18, also near 0. ±0: 0.
template <std::size_t K>
ACTFN_PIECE Half<K> Expm1Down(const Half<K>& x) {
  using V = Lanes<float, K>;
  const HalfSteps<K> e = HalfStepsOf(Max(x, -kSingleReach));
  const V unit = TimesPowerOfTwo(V(1), e.shifted);
  return Half<K>(Fma(unit * e.f, Polynomial(e.f, coefficients::kExp2m1Half), unit - 1));
}

// 1 / (1 + e^-z) and x / (1 + e^-z). Error 2^-17.5. Range: z > -kSingleReach. z = ±0: 1/2; x = ±0:
// ±0.
template <std::size_t K>
ACTFN_PIECE Half<K> LogisticDenominator(const Half<K>& z) {
  return 1 + ExpOf(-Min(z, kSingleReach));
}
template <std::size_t K>
HWY_INLINE Half<K> Logistic(const Half<K>& z) {
  return 1 / LogisticDenominator(z);
}
template <std::size_t K>
HWY_INLINE Half<K> TimesLogistic(const Half<K>& x, const Half<K>& z) {
  return x / LogisticDenominator(z);
}

// log(1 + e^-a) for a >= 0. Error 2^-17.
template <std::size_t K>
ACTFN_PIECE Half<K> Log1pOfDecay(const Half<K>& a) {
  const Half<K> u = ExpDown(-a);
  return u * Half<K>(Polynomial(u.v, coefficients::kLog1pHalf));
}

// Phi(-t) = g bell. Error 2^-17.
template <std::size_t K>
ACTFN_PIECE GaussTail<Half<K>> GaussTailOf(const Half<K>& magnitude) {
  const Half<K> t = Min(magnitude, 12);
  const Half<K> y = 1 / (t + 3.5);
  return {t, y * Half<K>(Polynomial(y.v, coefficients::kGaussHalf)), ExpDown(-0.5 * (t * t))};
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
