// SPDX-License-Identifier: Apache-2.0
// Loads lanes from memory and stores them, for all types of arrays.
#if defined(ACTFN_KERNELS_MEMORY_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_KERNELS_MEMORY_H_
#undef ACTFN_KERNELS_MEMORY_H_
#else
#define ACTFN_KERNELS_MEMORY_H_
#endif

#include "math/pair.h"

#include <actfn/types.h>

#include <cstring>

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// Exactly: bfloat16 is the upper half of a float32. NaN: NaN.
HWY_INLINE hn::Vec<Tag<float>> Widen(const bfloat16* from) {
  const Tag<float> d;
  const hn::RebindToUnsigned<Tag<float>> du;
  const hn::Rebind<std::uint16_t, Tag<float>> half;
  const auto bits = hn::LoadU(half, reinterpret_cast<const std::uint16_t*>(from));
  return hn::BitCast(d, hn::ShiftLeft<16>(hn::PromoteTo(du, bits)));
}

// Rounds to the nearest, ties to even. Overflow and ±inf: ±inf. NaN: the canonical NaN. In
// integers, because the CPU's instruction makes 0 of subnormal numbers.
HWY_INLINE void Narrow(hn::Vec<Tag<float>> v, bfloat16* to) {
  const hn::RebindToSigned<Tag<float>> di;
  const hn::RebindToUnsigned<Tag<float>> du;
  const hn::Rebind<std::uint16_t, Tag<float>> half;
  const auto bits = hn::BitCast(du, v);
  const auto odd = hn::And(hn::ShiftRight<16>(bits), hn::Set(du, 1));
  // Just below half of the last bit that stays, or half where that bit is odd.
  const auto up = hn::Add(hn::Add(bits, hn::Set(du, 0x7FFF)), odd);
  const auto nan = hn::RebindMask(du, hn::IsNaN(v));
  const auto rounded = hn::ShiftRight<16>(hn::IfThenElse(nan, hn::Set(du, 0x7FC00000), up));
  hn::StoreU(hn::DemoteTo(half, hn::BitCast(di, rounded)), half,
             reinterpret_cast<std::uint16_t*>(to));
}

#if HWY_TARGET <= HWY_AVX2  // these have instructions for it, which no mode of the CPU changes
// Exactly. NaN: NaN.
HWY_INLINE hn::Vec<Tag<float>> Widen(const float16* from) {
  const Tag<float> d;
  const hn::Rebind<hwy::float16_t, Tag<float>> half;
  return hn::PromoteTo(d, hn::LoadU(half, reinterpret_cast<const hwy::float16_t*>(from)));
}

// Rounds to the nearest, ties to even. Overflow and ±inf: ±inf. NaN: the canonical NaN.
HWY_INLINE void Narrow(hn::Vec<Tag<float>> v, float16* to) {
  const Tag<float> d;
  const hn::Rebind<hwy::float16_t, Tag<float>> half;
  const auto canonical = hn::Set(d, std::numeric_limits<float>::quiet_NaN());
  const auto y = hn::IfThenElse(hn::IsNaN(v), canonical, v);
  hn::StoreU(hn::DemoteTo(half, y), half, reinterpret_cast<hwy::float16_t*>(to));
}
#else
// Exactly. NaN: NaN.
HWY_INLINE hn::Vec<Tag<float>> Widen(const float16* from) {
  const Tag<float> d;
  const hn::RebindToUnsigned<Tag<float>> du;
  const hn::Rebind<std::uint16_t, Tag<float>> half;
  const auto bits =
      hn::PromoteTo(du, hn::LoadU(half, reinterpret_cast<const std::uint16_t*>(from)));
  const auto sign = hn::ShiftLeft<16>(hn::And(bits, hn::Set(du, 0x8000)));
  const auto rest = hn::ShiftLeft<13>(hn::And(bits, hn::Set(du, 0x7FFF)));
  // The product with 2^112 changes the bias of the exponent from 15 to 127, for subnormals too.
  // Infinity and NaN have all bits of the exponent instead.
  const auto scaled = hn::BitCast(du, hn::Mul(hn::BitCast(d, rest), hn::Set(d, 0x1p112F)));
  const auto special = hn::Gt(hn::BitCast(d, rest), hn::BitCast(d, hn::Set(du, 0x0F7FFFFF)));
  const auto all = hn::Or(rest, hn::Set(du, 0x7F800000));
  return hn::BitCast(d, hn::Or(sign, hn::IfThenElse(hn::RebindMask(du, special), all, scaled)));
}

// Rounds to the nearest, ties to even. Overflow and ±inf: ±inf. NaN: the canonical NaN.
HWY_INLINE void Narrow(hn::Vec<Tag<float>> v, float16* to) {
  const Tag<float> d;
  const hn::RebindToSigned<Tag<float>> di;
  const hn::RebindToUnsigned<Tag<float>> du;
  const hn::Rebind<std::uint16_t, Tag<float>> half;
  const auto magnitude = hn::Abs(v);
  const auto bits = hn::BitCast(du, magnitude);
  const auto odd = hn::And(hn::ShiftRight<13>(bits), hn::Set(du, 1));
  // 0xC8000FFF changes the bias of the exponent from 127 to 15, and adds just below half of the
  // last bit that stays.
  const auto up = hn::ShiftRight<13>(hn::Add(hn::Add(bits, hn::Set(du, 0xC8000FFF)), odd));
  // The last bit of float32's 0.5 is that of float16's subnormals: the sum rounds to it.
  const auto half_one = hn::Set(d, 0.5F);
  const auto small =
      hn::Sub(hn::BitCast(du, hn::Add(magnitude, half_one)), hn::BitCast(du, half_one));
  const auto is_small = hn::RebindMask(du, hn::Lt(magnitude, hn::Set(d, 0x1p-14F)));
  const auto is_large = hn::RebindMask(du, hn::Ge(magnitude, hn::Set(d, 65520.0F)));
  const auto is_nan = hn::RebindMask(du, hn::IsNaN(v));
  const auto finite = hn::IfThenElse(is_small, small, up);
  const auto rounded = hn::IfThenElse(is_large, hn::Set(du, 0x7C00), finite);
  const auto sign = hn::And(hn::ShiftRight<16>(hn::BitCast(du, v)), hn::Set(du, 0x8000));
  const auto all = hn::IfThenElse(is_nan, hn::Set(du, 0x7E00), hn::Or(rounded, sign));
  hn::StoreU(hn::DemoteTo(half, hn::BitCast(di, all)), half, reinterpret_cast<std::uint16_t*>(to));
}
#endif

HWY_INLINE hn::Vec<Tag<float>> Widen(const float* from) { return hn::LoadU(Tag<float>(), from); }
HWY_INLINE void Narrow(hn::Vec<Tag<float>> v, float* to) { hn::StoreU(v, Tag<float>(), to); }

template <class T, class From, std::size_t K>
HWY_INLINE void LoadInto(Lanes<T, K>& lanes, const From* from) {
  const Tag<T> d;
  for (std::size_t k = 0; k < K; ++k) {
    const From* const at = from + k * hn::MaxLanes(d);
    if constexpr (std::is_same_v<T, float>) {
      lanes.v[k] = Widen(at);
    } else if constexpr (std::is_same_v<From, double>) {
      lanes.v[k] = hn::LoadU(d, at);
    } else {
      lanes.v[k] = hn::PromoteTo(d, hn::LoadU(hn::Rebind<float, Tag<double>>(), at));
    }
  }
}

template <class Lane, class From>
HWY_INLINE Lane LoadLanes(const From* from) {
  Lane lanes;
  LoadInto(lanes, from);
  return lanes;
}

// Rounds to float32. Not by Highway's function for EMU128, which makes the largest finite number of
// infinity.
HWY_INLINE void Demote(hn::Vec<Tag<double>> v, float* to) {
#if HWY_TARGET == HWY_EMU128
  const Tag<double> d;
  HWY_ALIGN double buffer[hn::MaxLanes(d)];
  hn::Store(v, d, buffer);
  for (std::size_t i = 0; i < hn::MaxLanes(d); ++i) to[i] = static_cast<float>(buffer[i]);
#else
  const hn::Rebind<float, Tag<double>> half;
  hn::StoreU(hn::DemoteTo(half, v), half, to);
#endif
}

template <class T, std::size_t K, class To>
HWY_INLINE void StoreLanes(const Lanes<T, K>& lanes, To* to) {
  const Tag<T> d;
  for (std::size_t k = 0; k < K; ++k) {
    To* const at = to + k * hn::MaxLanes(d);
    if constexpr (std::is_same_v<T, float>) {
      Narrow(lanes.v[k], at);
    } else if constexpr (std::is_same_v<To, double>) {
      hn::StoreU(lanes.v[k], d, at);
    } else {
      Demote(lanes.v[k], at);
    }
  }
}

// Two vectors of which one has the elements with even indices and the other those with odd ones: as
// they lie in words of 32 bits, so that nothing moves. For loops that store the results alike.
HWY_INLINE void WidenAlternate(const bfloat16* from, hn::Vec<Tag<float>>* two) {
  const Tag<float> d;
  const hn::RebindToUnsigned<Tag<float>> du;
  const hn::Repartition<std::uint16_t, Tag<float>> d16;
  const auto words = hn::BitCast(du, hn::LoadU(d16, reinterpret_cast<const std::uint16_t*>(from)));
  two[0] = hn::BitCast(d, hn::ShiftLeft<16>(words));
  two[1] = hn::BitCast(d, hn::And(words, hn::Set(du, 0xFFFF0000)));
}
// v, rounded as Narrow() does, in the upper half of its bits; the lower half is unspecified. NaN:
// the canonical one only.
HWY_INLINE hn::Vec<hn::RebindToUnsigned<Tag<float>>> UpperHalf(hn::Vec<Tag<float>> v) {
  const hn::RebindToUnsigned<Tag<float>> du;
  const auto bits = hn::BitCast(du, v);
  const auto odd = hn::And(hn::ShiftRight<16>(bits), hn::Set(du, 1));
  return hn::Add(hn::Add(bits, hn::Set(du, 0x7FFF)), odd);
}
HWY_INLINE void NarrowAlternate(const hn::Vec<Tag<float>>* two, bfloat16* to) {
  const hn::RebindToUnsigned<Tag<float>> du;
  const hn::Repartition<std::uint16_t, Tag<float>> d16;
  const auto even = hn::ShiftRight<16>(UpperHalf(two[0]));
  const auto odd = hn::And(UpperHalf(two[1]), hn::Set(du, 0xFFFF0000));
  hn::StoreU(hn::BitCast(d16, hn::Or(even, odd)), d16, reinterpret_cast<std::uint16_t*>(to));
}

// Whether a loop of N from arrays of In to arrays of Out may use these.
template <class N, class In, class Out>
inline constexpr bool kAlternates = false;
template <std::size_t K>
inline constexpr bool kAlternates<Lanes<float, K>, bfloat16, bfloat16> = K % 2 == 0;

template <std::size_t K>
HWY_INLINE void LoadAlternate(Lanes<float, K>& lanes, const bfloat16* from) {
  for (std::size_t k = 0; k < K; k += 2) {
    WidenAlternate(from + k * hn::MaxLanes(Tag<float>()), lanes.v + k);
  }
}
template <std::size_t K>
HWY_INLINE void StoreAlternate(const Lanes<float, K>& lanes, bfloat16* to) {
  for (std::size_t k = 0; k < K; k += 2) {
    NarrowAlternate(lanes.v + k, to + k * hn::MaxLanes(Tag<float>()));
  }
}

// x is NaN ? x : y.
template <class T, std::size_t K>
HWY_INLINE Lanes<T, K> KeepNan(const Lanes<T, K>& x, const Lanes<T, K>& y) {
  Lanes<T, K> r;
  for (std::size_t k = 0; k < K; ++k) {
    r.v[k] = hn::IfThenElse(hn::IsNaN(x.v[k]), x.v[k], y.v[k]);
  }
  return r;
}

// Where neither is NaN.
template <class T>
HWY_INLINE hn::Mask<Tag<T>> BothNumbers(hn::Vec<Tag<T>> x, hn::Vec<Tag<T>> y) {
#if HWY_TARGET == HWY_AVX2  // one instruction
  if constexpr (sizeof(T) == 4) return {_mm256_cmp_ps(x.raw, y.raw, _CMP_ORD_Q)};
#endif
  return hn::And(hn::Eq(x, x), hn::Eq(y, y));
}

// The result y of a function of x: every NaN is the canonical one, and where x is NaN, y is. Where
// two NaN meet, and where an operation makes one, instruction sets differ in its sign and payload.
template <class T, std::size_t K>
HWY_INLINE Lanes<T, K> ResultOf(const Lanes<T, K>& x, const Lanes<T, K>& y) {
  const auto canonical = hn::Set(Tag<T>(), std::numeric_limits<T>::quiet_NaN());
  Lanes<T, K> r;
  for (std::size_t k = 0; k < K; ++k) {
    r.v[k] = hn::IfThenElse(BothNumbers<T>(x.v[k], y.v[k]), y.v[k], canonical);
  }
  return r;
}
template <class T, std::size_t K>
HWY_INLINE Lanes<T, K> ResultOf(const Lanes<T, K>& y) {
  const auto canonical = hn::Set(Tag<T>(), std::numeric_limits<T>::quiet_NaN());
  Lanes<T, K> r;
  for (std::size_t k = 0; k < K; ++k) {
    r.v[k] = hn::IfThenElse(hn::IsNaN(y.v[k]), canonical, y.v[k]);
  }
  return r;
}

template <class T, std::size_t K, class To>
HWY_INLINE void StoreResults(const Lanes<T, K>& results, To* to) {
  if constexpr (sizeof(To) == 2) return StoreLanes(results, to);  // Narrow() does it
  StoreLanes(ResultOf(results), to);
}

// A copy of n < kStep elements, with zeros after them.
template <class T, std::size_t kStep>
struct Tail {
  HWY_INLINE Tail(const T* from, std::size_t n) : count(n) {
    std::memcpy(data, from, n * sizeof(T));
  }
  HWY_INLINE void CopyTo(T* to) const { std::memcpy(to, data, count * sizeof(T)); }

  T data[kStep] = {};
  std::size_t count;
};

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
