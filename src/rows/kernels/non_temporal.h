// Where arrays are more than caches hold: outputs are written past them, which spares reading what
// is overwritten, and inputs are asked for ahead of time. No bit depends on it.
#if defined(ACTFN_ROWS_KERNELS_NON_TEMPORAL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_ROWS_KERNELS_NON_TEMPORAL_H_
#undef ACTFN_ROWS_KERNELS_NON_TEMPORAL_H_
#else
#define ACTFN_ROWS_KERNELS_NON_TEMPORAL_H_
#endif

#include "rows/kernels/blocks.h"

#include <hwy/cache_control.h>

#include <cstdint>

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

constexpr std::size_t kLine = 64;

// Whether to write past the caches; how many elements ahead to ask for inputs, 0 for not at all.
struct Traffic {
  bool past_caches = false;
  std::size_t ahead = 0;
};

// What lies `ahead` elements behind, which need not be the array's.
HWY_INLINE void AskFor(const float* from, std::size_t ahead) {
  const auto at = reinterpret_cast<std::uintptr_t>(from) + ahead * sizeof(float);
  hwy::Prefetch(reinterpret_cast<const void*>(at));  // NOLINT(performance-no-int-to-ptr)
}

HWY_INLINE void StorePast(const Block<float>& lanes, float* to) {
  const Tag<float> d;
  for (std::size_t k = 0; k < kBlock / hn::MaxLanes(d); ++k) {
    hn::Stream(lanes.v[k], d, to + k * hn::MaxLanes(d));
  }
}

// out = value(in) by blocks; behind the row's end the inputs read `beyond`.
template <std::size_t inputs, class Value>
HWY_INLINE void Write(const std::array<const float*, inputs>& in, float* out, std::size_t n,
                      float beyond, Traffic traffic, const Value& value) {
  std::size_t begin = n, end = n;  // of what is written past the caches
  for (const float* from : in) traffic.past_caches = traffic.past_caches && from != out;
  if (HWY_TARGET <= HWY_AVX2 && traffic.past_caches) {
    const std::size_t before =
        (0 - reinterpret_cast<std::uintptr_t>(out) / sizeof(float)) % (kLine / sizeof(float));
    begin = std::min(before, n);
    end = n - (n - begin) % kSums;
    const auto body = [&](const auto& from, const auto& to, const Place&) HWY_ATTR {
      for (const float* at : from) AskFor(at, traffic.ahead);
      StorePast(value(from), to[0]);
    };
    for (std::size_t i = begin; i < end; i += kSums)
      AtSixteen<float, inputs, 1>(in, {out}, i, 0, body);
  }
  const std::size_t parts[2][2] = {{0, begin}, {end, n}};
  for (const auto& part : parts) {
    std::array<const float*, inputs> from;
    for (std::size_t k = 0; k < inputs; ++k) from[k] = in[k] + part[0];
    ForBlocks<float, inputs, 1>(from, {out + part[0]}, part[1] - part[0], beyond,
                                [&](const auto& at, const auto& to, const Place&)
                                    HWY_ATTR { StoreLanes(value(at), to[0]); });
  }
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
