// SPDX-License-Identifier: Apache-2.0
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
constexpr kernels::Pairs<T> kPairs = {Deinterleave<T>, Interleave<T>};

constexpr kernels::Interleaving kInterleaving = {kPairs<float>, kPairs<double>,
                                                 kPairs<std::uint16_t>};

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace actfn::kernels {

const Interleaving& interleaving(Target target) {
  static constexpr PerTarget<Interleaving> kAll = ACTFN_PER_TARGET_WITH_FMA(kInterleaving);
  return kAll.of(target);
}

}  // namespace actfn::kernels
#endif
