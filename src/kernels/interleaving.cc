#include "kernels/interleaving.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/interleaving.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/memory.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

template <class T>
void Deinterleave(const T* x, T* a, T* b, std::size_t n) {
  const Tag<T> d;
  constexpr std::size_t kStep = hn::MaxLanes(d);
  std::size_t i = 0;
  for (; i + kStep <= n; i += kStep) {
    hn::Vec<Tag<T>> even, odd;
    hn::LoadInterleaved2(d, x + 2 * i, even, odd);
    hn::StoreU(even, d, a + i);
    hn::StoreU(odd, d, b + i);
  }
  for (; i < n; ++i) {
    a[i] = x[2 * i];
    b[i] = x[2 * i + 1];
  }
}

template <class T>
void Interleave(const T* a, const T* b, T* x, std::size_t n) {
  const Tag<T> d;
  constexpr std::size_t kStep = hn::MaxLanes(d);
  std::size_t i = 0;
  for (; i + kStep <= n; i += kStep) {
    hn::StoreInterleaved2(hn::LoadU(d, a + i), hn::LoadU(d, b + i), d, x + 2 * i);
  }
  for (; i < n; ++i) {
    x[2 * i] = a[i];
    x[2 * i + 1] = b[i];
  }
}

template <class T>
inline constexpr kernels::Pairs<T> kPairs = {Deinterleave<T>, Interleave<T>};

}  // namespace

#if HWY_TARGET == HWY_SSE4 && (HWY_TARGETS & HWY_EMU128)
// interleaving() gives the portable code instead, to keep the library small.
inline constexpr kernels::Interleaving kInterleaving = {};
#else
inline constexpr kernels::Interleaving kInterleaving = {kPairs<float>, kPairs<double>,
                                                        kPairs<std::uint16_t>};
#endif

}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "kernels/collect.h"

namespace actfn::kernels {

const Interleaving& interleaving(Target target) {
  static constexpr auto kAll = ACTFN_PER_TARGET(const Interleaving*, &, kInterleaving);
  const Interleaving& own = *kAll[static_cast<std::size_t>(target)];
  return own.of_float.interleave != nullptr ? own : interleaving(Target::emu128);
}

}  // namespace actfn::kernels
#endif
