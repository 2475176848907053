// SPDX-License-Identifier: Apache-2.0
// Non-temporal stores and prefetches, for arrays larger than the caches. A non-temporal store goes
// to memory without first reading the cache line that it overwrites. No bit depends on either.
#if defined(ACTFN_ROWS_KERNELS_NON_TEMPORAL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_ROWS_KERNELS_NON_TEMPORAL_H_
#undef ACTFN_ROWS_KERNELS_NON_TEMPORAL_H_
#else
#define ACTFN_ROWS_KERNELS_NON_TEMPORAL_H_
#endif

#include "rows/kernels/row_lanes.h"

#include <hwy/cache_control.h>

#include <cstdint>

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

constexpr std::size_t kCacheLine = 64;  // bytes

struct CacheHints {
  bool non_temporal = false;          // whether outputs are written by non-temporal stores
  std::size_t prefetch_distance = 0;  // how many elements ahead inputs are prefetched
};

// Prefetches from[distance], which may be outside the array: a prefetch never faults.
HWY_INLINE void Prefetch(const float* from, std::size_t distance) {
  const auto at = reinterpret_cast<std::uintptr_t>(from) + distance * sizeof(float);
  hwy::Prefetch(reinterpret_cast<const void*>(at));  // NOLINT(performance-no-int-to-ptr)
}

HWY_INLINE void StoreNonTemporal(const Floats& lanes, float* to) {
  const Tag<float> d;
  for (std::size_t k = 0; k < kRowLanes / hn::MaxLanes(d); ++k) {
    hn::Stream(lanes.v[k], d, to + k * hn::MaxLanes(d));
  }
}

// out = value(in), kRowLanes elements at a time; past the row's end the inputs read `padding`.
// Non-temporal stores write whole cache lines, so the elements before the first line and after the
// last sixteen are stored as usual. In place they save nothing: the line has been read already.
template <std::size_t inputs, class Value>
HWY_INLINE void Write(const std::array<const float*, inputs>& in, float* out, std::size_t n,
                      float padding, CacheHints hints, const Value& value) {
  std::size_t begin = n, end = n;  // of the elements with non-temporal stores
  for (const float* from : in) hints.non_temporal = hints.non_temporal && from != out;
  if (reinterpret_cast<std::uintptr_t>(out) % sizeof(float) != 0) hints.non_temporal = false;
  if (HWY_TARGET <= HWY_AVX2 && hints.non_temporal) {
    const std::size_t before =
        (0 - reinterpret_cast<std::uintptr_t>(out) / sizeof(float)) % (kCacheLine / sizeof(float));
    begin = std::min(before, n);
    end = n - (n - begin) % kSums;
    const auto body = [&](const auto& from, const auto& to, const Place&) HWY_ATTR {
      for (const float* at : from) Prefetch(at, hints.prefetch_distance);
      StoreNonTemporal(value(from), to[0]);
    };
    for (std::size_t i = begin; i < end; i += kSums)
      ForSixteen<float, inputs, 1>(in, {out}, i, 0, body);
  }
  const std::size_t parts[2][2] = {{0, begin}, {end, n}};
  for (const auto& part : parts) {
    std::array<const float*, inputs> from;
    for (std::size_t k = 0; k < inputs; ++k) from[k] = in[k] + part[0];
    ForRow<float, inputs, 1>(from, {out + part[0]}, part[1] - part[0], padding,
                             [&](const auto& at, const auto& to, const Place&)
                                 HWY_ATTR { StoreLanes(value(at), to[0]); });
  }
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
