#include "random/kernels/noise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "random/kernels/noise.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/memory.h"
#include "math/logistic.h"
#include "random/kernels/normal_lanes.h"
#include "random/kernels/philox_lanes.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

using noise::Drop;
using noise::Slope;
constexpr std::size_t kVectors = HWY_NATIVE_FMA ? 2 : 1;
using V = Lanes<double, kVectors>;
constexpr std::size_t kStep = V::Count();

// Words as the doubles that they are: behind 2^52.
HWY_INLINE V FromWords(const hn::Vec<Tag<std::uint64_t>> (&words)[kVectors]) {
  const Tag<std::uint64_t> d;
  V v;
  for (std::size_t k = 0; k < kVectors; ++k) {
    v.v[k] = hn::BitCast(Tag<double>(), hn::Or(words[k], hn::Set(d, std::uint64_t{0x4330} << 48U)));
  }
  return v - 0x1p52;
}

HWY_INLINE V LoadWords(const std::uint32_t* from) {
  const Tag<std::uint64_t> d;
  const hn::Rebind<std::uint32_t, Tag<std::uint64_t>> half;
  hn::Vec<Tag<std::uint64_t>> words[kVectors];
  for (std::size_t k = 0; k < kVectors; ++k) {
    words[k] = hn::PromoteTo(d, hn::LoadU(half, from + k * hn::MaxLanes(d)));
  }
  return FromWords(words);
}

// The first words of pairs, and the second ones, by the vector: 2 kStep words.
[[maybe_unused]] static void NormalNumbers(const std::uint32_t* words, double* normals,
                                           std::size_t n) {
  const Tag<std::uint64_t> d;
  constexpr std::size_t kLanes = hn::MaxLanes(d);
  for (std::size_t i = 0; i < n; i += 2 * kStep) {
    hn::Vec<Tag<std::uint64_t>> first[kVectors], second[kVectors];
    for (std::size_t k = 0; k < kVectors; ++k) {
      const std::uint32_t* const at = words + i + 2 * k * kLanes;
      const auto both = hn::LoadU(d, reinterpret_cast<const std::uint64_t*>(at));
      first[k] = hn::And(both, hn::Set(d, 0xFFFFFFFF));
      second[k] = hn::ShiftRight<32>(both);
    }
    const SinCos<V> z = NormalPair(FromWords(first), FromWords(second));
    for (std::size_t k = 0; k < kVectors; ++k) {
      double* const to = normals + i + 2 * k * kLanes;
#if HWY_TARGET == HWY_EMU128
      to[0] = hn::GetLane(z.cos.v[k]);
      to[1] = hn::GetLane(z.sin.v[k]);
#else
      hn::StoreInterleaved2(z.cos.v[k], z.sin.v[k], Tag<double>(), to);
#endif
    }
  }
}

HWY_INLINE V DrawSlope(const Slope& p, const std::uint32_t* words) {
  return Min(Fma(LoadWords(words) * 0x1p-32, V(p.width), V(p.lower)), V(p.most));
}

// Formula::At(p, noise, in, i) over n elements; `noise` has room for a whole step more. The tail
// goes through a buffer: the same code, and nothing outside is touched.
template <class Formula, class P, class R, class T, std::size_t inputs>
HWY_INLINE void WithNoise(const P& p, const R* noise, const T* const (&in)[inputs], T* out,
                          std::size_t n) {
  std::size_t i = 0;
  for (; i + kStep <= n; i += kStep) StoreLanes(Formula::At(p, noise + i, in, i), out + i);
  if (i >= n) return;
  T tail[inputs][kStep] = {};
  const T* rows[inputs];
  for (std::size_t k = 0; k < inputs; ++k) {
    std::memcpy(tail[k], in[k] + i, (n - i) * sizeof(T));
    rows[k] = tail[k];
  }
  T results[kStep];
  StoreLanes(Formula::At(p, noise + i, rows, 0), results);
  std::memcpy(out + i, results, (n - i) * sizeof(T));
}

struct RreluValue {
  template <class T>
  static HWY_INLINE V At(const Slope& p, const std::uint32_t* words, const T* const* in,
                         std::size_t i) {
    const V x = LoadLanes<V>(in[0] + i);
    const V r = DrawSlope(p, words);
    return KeepNan(x, Select(x > 0, x, Select(r == 0, V(0), r * x)));  // 0 * -inf is NaN
  }
};

struct RreluBackward {
  template <class T>
  static HWY_INLINE V At(const Slope& p, const std::uint32_t* words, const T* const* in,
                         std::size_t i) {
    const V x = LoadLanes<V>(in[0] + i);
    return LoadLanes<V>(in[1] + i) * KeepNan(x, Select(x > 0, V(1), DrawSlope(p, words)));
  }
};

struct DropOut {
  template <class T>
  static HWY_INLINE V At(const Drop& p, const std::uint32_t* words, const T* const* in,
                         std::size_t i) {
    const V x = LoadLanes<V>(in[0] + i);
    // A double holds the product with a float32 as well as the sum needs it.
    const V shift = sizeof(T) == 8 ? Fma(x, p.scale_rest, p.shift) : V(p.shift);
    const V y = Select(LoadWords(words) < p.threshold, V(p.dropped), Fma(x, p.scale, shift));
    return KeepNan(LoadLanes<V>(in[1] + i), KeepNan(x, y));
  }
};

struct None {};

// x and the noise on it.
HWY_INLINE V Noisy(const V& x, const double* normals) {
  return Fma(LoadLanes<V>(normals), Sqrt(Logistic(x)), x);
}

struct NoisyValue {
  static HWY_INLINE V At(None, const double* normals, const double* const* in, std::size_t i) {
    const V x = LoadLanes<V>(in[0] + i);
    const V y = Noisy(x, normals);
    return KeepNan(x, SelectOrZero(y > 0, y));
  }
};

struct NoisySlope {
  static HWY_INLINE V At(None, const double* normals, const double* const* in, std::size_t i) {
    const V x = LoadLanes<V>(in[0] + i);
    return KeepNan(x, SelectOrZero(Noisy(x, normals) > 0, V(1)));
  }
};

template <class T>
void Rrelu(const Slope& p, const std::uint32_t* words, const T* x, T* y, std::size_t n) {
  const T* const in[] = {x};
  WithNoise<RreluValue>(p, words, in, y, n);
}

template <class T>
void RreluGradient(const Slope& p, const std::uint32_t* words, const T* x, const T* dy, T* dx,
                   std::size_t n) {
  const T* const in[] = {x, dy};
  WithNoise<RreluBackward>(p, words, in, dx, n);
}

template <class T>
void Dropped(const Drop& p, const std::uint32_t* words, const T* x, const T* other, T* y,
             std::size_t n) {
  const T* const in[] = {x, other};
  WithNoise<DropOut>(p, words, in, y, n);
}

template <class Formula>
void NoisyRelu(const double* normals, const double* x, double* y, std::size_t n) {
  const double* const in[] = {x};
  WithNoise<Formula>(None(), normals, in, y, n);
}

template <class T>
[[maybe_unused]] constexpr noise::Loops<T> kLoops = {Rrelu<T>, RreluGradient<T>, Dropped<T>};

}  // namespace

// Without fused multiply-adds the portable code is as fast, and serves this target too.
#if HWY_TARGET == HWY_SSE4 && (HWY_TARGETS & HWY_EMU128)
constexpr noise::Noises kNoises = {};
#else
constexpr noise::Noises kNoises = {PhiloxWords,           NormalNumbers, NoisyRelu<NoisyValue>,
                                   NoisyRelu<NoisySlope>, kLoops<float>, kLoops<double>};
#endif

}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "kernels/collect.h"

namespace actfn::noise {

const Noises& noises(kernels::Target target) {
  static constexpr auto kAll = ACTFN_PER_TARGET(const Noises*, &, kNoises);
  const Noises* const own = kAll[static_cast<std::size_t>(target)];
  return own->words != nullptr ? *own : *kAll[static_cast<std::size_t>(kernels::Target::emu128)];
}

}  // namespace actfn::noise
#endif
