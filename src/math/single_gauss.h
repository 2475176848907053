// SPDX-License-Identifier: Apache-2.0
// x Phi(x) and its derivative in float32 arithmetic. Range: |x| < kSingleGaussReach, finite; for
// other x, results are unspecified, as in single.h.
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

// table[k modulo 16] for the whole number k in the low bits.
HWY_INLINE hn::Vec<Tag<float>> SixteenthEntry(const float* table, hn::Vec<Tag<std::int32_t>> k) {
  const Tag<float> d;
#if HWY_TARGET <= HWY_AVX3
  return {_mm512_permutexvar_ps(k.raw, hn::LoadU(d, table).raw)};
#elif HWY_TARGET == HWY_AVX2
  // permutevar8x32 reads three bits of an index; blendv reads its sign, where the shift puts bit 3.
  const auto low = _mm256_permutevar8x32_ps(hn::LoadU(d, table).raw, k.raw);
  const auto high = _mm256_permutevar8x32_ps(hn::LoadU(d, table + 8).raw, k.raw);
  return {_mm256_blendv_ps(low, high, _mm256_castsi256_ps(_mm256_slli_epi32(k.raw, 28)))};
#else
  return hn::GatherIndex(d, table, hn::And(k, hn::Set(Tag<std::int32_t>(), 15)));
#endif
}

// Phi(-t) = (g.hi + g.lo) (bell.hi + bell.lo) for 0 <= t < 12, bell = e^(-t^2/2). |g.lo| may be as
// large as g.hi / 8. Error of g: 2^-26.5; measured error of the product 2^-25.7. ±0: 1/2.
template <std::size_t K>
struct SingleGaussTail {
  SinglePair<K> g, bell;
};

template <std::size_t K>
HWY_INLINE SinglePair<K> ScaledGaussTail(const Lanes<float, K>& t) {
  using V = Lanes<float, K>;
  constexpr std::size_t kRows = std::size(coefficients::kGaussSingle);
  const V shifted = t + 1;
  V row[kRows];
  for (std::size_t i = 0; i < K; ++i) {
    // The index of the interval: the last two bits of the exponent and the first two of the
    // fraction, so the 23 - 2 bits after them are shifted out.
    const auto k = hn::ShiftRight<21>(hn::BitCast(Tag<std::int32_t>(), shifted.v[i]));
    for (std::size_t r = 0; r < kRows; ++r) {
      row[r].v[i] = SixteenthEntry(coefficients::kGaussSingle[r], k);
    }
  }
  const V d = t - row[0];
  V p = row[kRows - 1];
  for (std::size_t r = kRows - 2; r > 2; --r) p = Fma(p, d, row[r]);
  return {row[1], Fma(p, d, row[2])};
}

template <std::size_t K>
ACTFN_PIECE SingleGaussTail<K> SingleGaussTailOf(const Lanes<float, K>& t) {
  using V = Lanes<float, K>;
  const V half = 0.5 * t;
  const V h = half * t;
  return {ScaledGaussTail(t), ExpOfSingle(SinglePair<K>{-h, -FmaSub(half, t, h)})};
}

// x Phi(x), rounded. Measured error 2^-23.6. ±0: ±0. `tail` is SingleGaussTailOf(|x|), so that one
// serves this function and the next.
template <std::size_t K>
ACTFN_PIECE Lanes<float, K> TimesGaussCdf(const Lanes<float, K>& x,
                                          const SingleGaussTail<K>& tail) {
  using V = Lanes<float, K>;
  const V t = Abs(x);
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
  const V t = Abs(x);
  const SinglePair<K> slope =
      InSingles<K>(coefficients::kInverseSqrt2Pi[0], coefficients::kInverseSqrt2Pi[1]);
  const V gap = NegFma(t, slope.hi, tail.g.hi);
  const V gap_lo = NegFma(t, slope.lo, tail.g.lo);
  const V left = Fma(tail.bell.hi, gap, Fma(tail.bell.hi, gap_lo, tail.bell.lo * gap));
  return Select(x < 0, left, 1 - left);
}

template <std::size_t K>
HWY_INLINE Lanes<float, K> TimesGaussCdf(const Lanes<float, K>& x) {
  return TimesGaussCdf(x, SingleGaussTailOf(Abs(x)));
}
template <std::size_t K>
HWY_INLINE Lanes<float, K> TimesGaussCdfSlope(const Lanes<float, K>& x) {
  return TimesGaussCdfSlope(x, SingleGaussTailOf(Abs(x)));
}
// Both, with the same bits.
template <std::size_t K>
HWY_INLINE SingleValueAndSlope<K> TimesGaussCdfAndSlope(const Lanes<float, K>& x) {
  const SingleGaussTail<K> tail = SingleGaussTailOf(Abs(x));
  return {TimesGaussCdf(x, tail), TimesGaussCdfSlope(x, tail)};
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
