// SPDX-License-Identifier: Apache-2.0
// Phi(-t), x Phi(x), its derivative, and densities in float32 arithmetic. Range of x Phi(x) and its
// derivative: x > -kSingleGaussReach, finite for the former; for other x, results are unspecified,
// as in single.h.
#if defined(ACTFN_MATH_SINGLE_GAUSS_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_SINGLE_GAUSS_H_
#undef ACTFN_MATH_SINGLE_GAUSS_H_
#else
#define ACTFN_MATH_SINGLE_GAUSS_H_
#endif

#include "math/gauss.h"
#include "math/single.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// Above it, products of the parts of Phi(-t) would be subnormal.
constexpr double kSingleGaussReach = 12;

// Phi(-t) = (g.hi + g.lo) (bell.hi + bell.lo) for 0 <= t < 12, bell = e^(-t^2/2). |g.lo| may be as
// large as g.hi / 16. Error of g: 2^-27.4; estimated error of the product 2^-26. ±0: 1/2.
template <std::size_t K>
struct SingleGaussTail {
  SinglePair<K> g, bell;
};

// t without its low part, and t - center.
template <std::size_t K>
HWY_INLINE const Lanes<float, K>& HighOf(const Lanes<float, K>& t) {
  return t;
}
template <std::size_t K>
HWY_INLINE const Lanes<float, K>& HighOf(const SinglePair<K>& t) {
  return t.hi;
}
template <std::size_t K>
HWY_INLINE Lanes<float, K> OffsetFrom(const Lanes<float, K>& center, const Lanes<float, K>& t) {
  return t - center;
}
template <std::size_t K>
HWY_INLINE Lanes<float, K> OffsetFrom(const Lanes<float, K>& center, const SinglePair<K>& t) {
  return (t.hi - center) + t.lo;
}

// t: Lanes<float, K>, or SinglePair<K>.
template <std::size_t K, class T>
HWY_INLINE SinglePair<K> ScaledGaussTail(const T& t) {
  using V = Lanes<float, K>;
  constexpr std::size_t kRows = std::size(coefficients::kGaussSingle);
  const V shifted = HighOf(t) + 1.125;
  // The index of the interval: the last two bits of the exponent and the first of the fraction.
  const V k = OctaveHalf(shifted);
  const auto& rows = coefficients::kGaussSingle;
  const V d = OffsetFrom(EighthEntry(rows[0], k), t);
  V bend = EighthEntry(rows[kRows - 1], k);
  for (std::size_t r = kRows - 2; r > 3; --r) bend = Fma(bend, d, EighthEntry(rows[r], k));
  const V first = EighthEntry(rows[1], k);
  const V slope = EighthEntry(rows[3], k);
  const V line = Fma(slope, d, first);
  const V line_lo = Fma(slope, d, first - line) + EighthEntry(rows[2], k);
  return {line, Fma(d * d, bend, line_lo)};
}

// -t^2/2
template <std::size_t K>
HWY_INLINE SinglePair<K> MinusHalfSquare(const Lanes<float, K>& t) {
  const Lanes<float, K> half = 0.5 * t;
  const Lanes<float, K> h = half * t;
  return {-h, -FmaSub(half, t, h)};
}

template <std::size_t K>
ACTFN_PIECE SingleGaussTail<K> SingleGaussTailOf(const Lanes<float, K>& t) {
  return {ScaledGaussTail<K>(t), ExpOfSingle(MinusHalfSquare(t))};
}
template <std::size_t K>
HWY_INLINE SingleGaussTail<K> SingleGaussTailAt(const Lanes<float, K>& x) {
  return SingleGaussTailOf(Min(Abs(x), kSingleGaussReach));
}

// |factor| e^-q for q >= 0, whose parts are normal numbers where the result is subnormal, too:
// factor in two parts, and q from which on the result is 0. Range: |factor| from 2^-40 to 2^34.
constexpr double kDensityReach = 128;
struct DensityForm {
  float factor, factor_lo, gone;
};
HWY_INLINE DensityForm DensityFormOf(double factor) {
  const auto hi = static_cast<float>(factor);
  const double gone = std::min(104 + std::log(factor), kDensityReach);  // 2^-150
  return {hi, static_cast<float>(factor - hi), static_cast<float>(gone)};
}
// 2^64 e^-q for q <= kDensityReach.
template <std::size_t K>
HWY_INLINE SinglePair<K> RaisedDecay(const SinglePair<K>& q) {
  return SumOf(SplitSingleExp<64>(SinglePair<K>{-q.hi, -q.lo}));
}
template <std::size_t K>
ACTFN_PIECE Lanes<float, K> DensityOf(const DensityForm& p, const SinglePair<K>& q) {
  const auto within = q.hi < p.gone;
  const SinglePair<K> e =
      RaisedDecay(SinglePair<K>{SelectOrZero(within, q.hi), SelectOrZero(within, q.lo)});
  const Lanes<float, K> y = Fma(e.hi, p.factor, Fma(e.lo, p.factor, e.hi * p.factor_lo));
  return LoweredBy64(SelectOrZero(within, y));
}

// x Phi(x), rounded. Measured error 2^-23.6. ±0: ±0. `tail` is SingleGaussTailAt(x), so that one
// serves this function and the next.
template <std::size_t K>
ACTFN_PIECE Lanes<float, K> TimesGaussCdf(const Lanes<float, K>& x,
                                          const SingleGaussTail<K>& tail) {
  using V = Lanes<float, K>;
  const V t = Min(Abs(x), kSingleGaussReach);
  // t * bell * g as hi + lo
  const V n = t * tail.bell.hi;
  const V n_lo = Fma(t, tail.bell.lo, FmaSub(t, tail.bell.hi, n));
  const V hi = n * tail.g.hi;
  const V lo = Fma(n, tail.g.lo, Fma(n_lo, tail.g.hi, FmaSub(n, tail.g.hi, hi)));
  const V right = Max(x, 0);
  const V sum = right - hi;
  const V y = sum + (((right - sum) - hi) - lo);
  return Select(t < 0x1p-60, 0.5 * x, y);  // so small x would make subnormal products
}

// The derivative of x Phi(x), rounded. Measured absolute error 2^-23.7. ±0: 1/2.
template <std::size_t K>
ACTFN_PIECE Lanes<float, K> TimesGaussCdfSlope(const Lanes<float, K>& x,
                                               const SingleGaussTail<K>& tail) {
  using V = Lanes<float, K>;
  const V t = Min(Abs(x), kSingleGaussReach);
  const SinglePair<K> slope =
      InSingles<K>(coefficients::kInverseSqrt2Pi[0], coefficients::kInverseSqrt2Pi[1]);
  const SinglePair<K> line = Times(t, slope);
  const V gap = tail.g.hi - line.hi;  // exact about the root
  const V rest = NegFma(tail.bell.hi, line.lo, tail.bell.lo * gap);
  const V left = Fma(tail.bell.hi, gap, Fma(tail.bell.hi, tail.g.lo, rest));
  return Select(x < 0, left, 1 - left);
}

template <std::size_t K>
HWY_INLINE Lanes<float, K> TimesGaussCdf(const Lanes<float, K>& x) {
  return TimesGaussCdf(x, SingleGaussTailAt(x));
}
template <std::size_t K>
HWY_INLINE Lanes<float, K> TimesGaussCdfSlope(const Lanes<float, K>& x) {
  return TimesGaussCdfSlope(x, SingleGaussTailAt(x));
}
// Both, with the same bits.
template <std::size_t K>
HWY_INLINE SingleValueAndSlope<K> TimesGaussCdfAndSlope(const Lanes<float, K>& x) {
  const SingleGaussTail<K> tail = SingleGaussTailAt(x);
  return {TimesGaussCdf(x, tail), TimesGaussCdfSlope(x, tail)};
}

// For x from -14.8 to -kSingleGaussReach: x Phi(x), or its derivative.
template <bool value, std::size_t K>
ACTFN_PIECE Lanes<float, K> FarGaussCdf(const Lanes<float, K>& x) {
  using V = Lanes<float, K>;
  const SinglePair<K> at = MinusHalfSquare(x);
  const SinglePair<K> g = ScaledGaussTail<K>(-x);
  if constexpr (value) {
    const V n = x * g.hi;
    return FarBelow(SinglePair<K>{n, Fma(x, g.lo, FmaSub(x, g.hi, n))}, at);
  }
  const SinglePair<K> slope =
      InSingles<K>(coefficients::kInverseSqrt2Pi[0], coefficients::kInverseSqrt2Pi[1]);
  return FarBelow(SinglePair<K>{Fma(x, slope.hi, g.hi), Fma(x, slope.lo, g.lo)}, at);
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
