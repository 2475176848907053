// SPDX-License-Identifier: Apache-2.0
#include "nn/attention/tiles.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/attention/row_ops.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "kernels/memory.h"
#include "kernels/table.h"
#include "math/single.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

constexpr std::size_t kStep = nn::attention::kRowUnit;
using V = Lanes<float, kStep / hn::MaxLanes(Tag<float>())>;
constexpr float kInfinity = std::numeric_limits<float>::infinity();

// Joins 16 numbers: join(i, i + 8), then those of the first half, and so on.
template <class Join>
HWY_INLINE float Tree(const V& lanes, const Join& join) {
  float all[kStep];
  StoreLanes(lanes, all);
  for (std::size_t width = kStep / 2; width > 0; width /= 2) {
    for (std::size_t i = 0; i < width; ++i) all[i] = join(all[i], all[i + width]);
  }
  return all[0];
}

float RowMax(const float* x, std::size_t n) {
  V max(-static_cast<double>(kInfinity));
  auto numbers = max == max;
  for (std::size_t i = 0; i < n; i += kStep) {
    const V at = LoadLanes<V>(x + i);
    numbers = And(numbers, at == at);
    max = Max(max, at);
  }
  if (!AllOf(numbers)) return std::numeric_limits<float>::quiet_NaN();
  return Tree(max, [](float a, float b) { return std::max(a, b); });
}

// e^x for x <= 0; 0 below -87, where powers of two are no longer normal numbers. NaN: unspecified.
HWY_INLINE V ExpOrZero(const V& x) {
  const V lowest(-87);
  return SelectOrZero(lowest <= x, ExpDown(Max(lowest, x)));
}

float ExpOf(float x) {
  float lanes[kStep];
  const V lane(static_cast<double>(x));
  StoreLanes(KeepNan(lane, ExpOrZero(lane)), lanes);
  return lanes[0];
}

float RowExp(float* x, std::size_t n, float max) {
  const V most(static_cast<double>(max));
  V sum(0);
  for (std::size_t i = 0; i < n; i += kStep) {
    const V e = ExpOrZero(LoadLanes<V>(x + i) - most);
    StoreLanes(e, x + i);
    sum = sum + e;
  }
  return Tree(sum, [](float a, float b) { return a + b; });
}

void RowScaledExp(float* x, std::size_t n, float max, float factor) {
  const V most(static_cast<double>(max));
  const V times(static_cast<double>(factor));
  for (std::size_t i = 0; i < n; i += kStep) {
    StoreLanes(times * ExpOrZero(LoadLanes<V>(x + i) - most), x + i);
  }
}

void RowScale(float* x, std::size_t n, float factor) {
  const V times(static_cast<double>(factor));
  for (std::size_t i = 0; i < n; i += kStep) StoreLanes(LoadLanes<V>(x + i) * times, x + i);
}

void RowAdd(const float* a, float* x, std::size_t n) {
  for (std::size_t i = 0; i < n; i += kStep) {
    StoreLanes(LoadLanes<V>(x + i) + LoadLanes<V>(a + i), x + i);
  }
}

float RowDot(const float* a, const float* b, std::size_t n) {
  V sum(0);
  for (std::size_t i = 0; i < n; i += kStep) {
    sum = Fma(LoadLanes<V>(a + i), LoadLanes<V>(b + i), sum);
  }
  return Tree(sum, [](float x, float y) { return x + y; });
}

void ScoreGradient(const float* p, const float* dp, float mean, float* dx, std::size_t n) {
  const V centre(static_cast<double>(mean));
  for (std::size_t i = 0; i < n; i += kStep) {
    StoreLanes(LoadLanes<V>(p + i) * (LoadLanes<V>(dp + i) - centre), dx + i);
  }
}

void SoftcapGradient(const float* y, float inverse_cap, float* dx, std::size_t n) {
  const V factor(static_cast<double>(inverse_cap));
  for (std::size_t i = 0; i < n; i += kStep) {
    const V share = LoadLanes<V>(y + i) * factor;
    StoreLanes(LoadLanes<V>(dx + i) * NegFma(share, share, V(1)), dx + i);
  }
}

void RowMask(const std::uint8_t* bytes, bool keep, float value, float* x, std::size_t n) {
  const Tag<float> d;
  const hn::RebindToSigned<Tag<float>> di;
  const hn::Rebind<std::uint8_t, Tag<float>> narrow;
  const auto other = hn::Set(d, value);
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t i = 0; i < n; i += lanes) {
    const auto wide = hn::PromoteTo(di, hn::LoadU(narrow, bytes + i));
    const auto zero = hn::RebindMask(d, hn::Eq(wide, hn::Zero(di)));
    const auto at = hn::LoadU(d, x + i);
    hn::StoreU(keep ? hn::IfThenElse(zero, other, at) : hn::IfThenElse(zero, at, other), d, x + i);
  }
}

constexpr nn::attention::RowOps kRowOps = {RowMax, ExpOf,  RowExp,        RowScaledExp,    RowScale,
                                           RowAdd, RowDot, ScoreGradient, SoftcapGradient, RowMask};

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace actfn::nn::attention {

const RowOps& row_ops() {
  static constexpr kernels::PerTarget<RowOps> kAll = ACTFN_PER_TARGET_WITH_FMA(kRowOps);
  return kAll.of(kernels::active_target());
}

}  // namespace actfn::nn::attention
#endif
