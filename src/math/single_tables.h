// SPDX-License-Identifier: Apache-2.0
// Entries of short tables, for float32 arithmetic.
#if defined(ACTFN_MATH_SINGLE_TABLES_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_SINGLE_TABLES_H_
#undef ACTFN_MATH_SINGLE_TABLES_H_
#else
#define ACTFN_MATH_SINGLE_TABLES_H_
#endif

#include "math/lanes.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// table[k modulo 16] for the whole number k in the low bits.
template <class T>
HWY_INLINE hn::Vec<Tag<float>> SixteenthEntry(const T* table, hn::Vec<Tag<std::int32_t>> k) {
  const Tag<T> d;
#if HWY_TARGET <= HWY_AVX3  // the instruction reads only the last bits of an index
  const auto entry = hn::BitCast(Tag<float>(), hn::LoadU(d, table));
  return {_mm512_permutexvar_ps(k.raw, entry.raw)};
#elif HWY_TARGET == HWY_AVX2
  // permutevar8x32 reads three bits of an index; blendv reads its sign, where the shift puts bit 3.
  const auto first = hn::BitCast(Tag<float>(), hn::LoadU(d, table));
  const auto second = hn::BitCast(Tag<float>(), hn::LoadU(d, table + 8));
  const auto low = _mm256_permutevar8x32_ps(first.raw, k.raw);
  const auto high = _mm256_permutevar8x32_ps(second.raw, k.raw);
  return {_mm256_blendv_ps(low, high, _mm256_castsi256_ps(_mm256_slli_epi32(k.raw, 28)))};
#else
  const auto index = hn::And(k, hn::Set(Tag<std::int32_t>(), 15));
  return hn::BitCast(Tag<float>(), hn::GatherIndex(d, table, index));
#endif
}
template <std::size_t K>
HWY_INLINE Lanes<float, K> SixteenthEntry(const float* table, const Lanes<float, K>& low_bits) {
  Lanes<float, K> r;
  for (std::size_t i = 0; i < K; ++i) {
    r.v[i] = SixteenthEntry(table, hn::BitCast(Tag<std::int32_t>(), low_bits.v[i]));
  }
  return r;
}

// table[k modulo 8] for the whole number k in the low bits; table[8 + i] must equal table[i].
template <class T>
HWY_INLINE hn::Vec<Tag<float>> EighthEntry(const T* table, hn::Vec<Tag<std::int32_t>> k) {
  const Tag<T> d;
#if HWY_TARGET <= HWY_AVX3  // the instruction reads only the last bits of an index
  const auto entry = hn::LoadU(d, table);
  return {_mm512_castsi512_ps(
      _mm512_permutexvar_epi32(k.raw, hn::BitCast(Tag<std::int32_t>(), entry).raw))};
#elif HWY_TARGET == HWY_AVX2
  const auto entry = hn::BitCast(Tag<float>(), hn::LoadU(d, table));
  return {_mm256_permutevar8x32_ps(entry.raw, k.raw)};
#else
  const auto index = hn::And(k, hn::Set(Tag<std::int32_t>(), 7));
  return hn::BitCast(Tag<float>(), hn::GatherIndex(d, table, index));
#endif
}

template <std::size_t K>
HWY_INLINE Lanes<float, K> EighthEntry(const float* table, const Lanes<float, K>& low_bits) {
  Lanes<float, K> r;
  for (std::size_t i = 0; i < K; ++i) {
    r.v[i] = EighthEntry(table, hn::BitCast(Tag<std::int32_t>(), low_bits.v[i]));
  }
  return r;
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
