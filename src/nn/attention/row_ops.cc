// SPDX-License-Identifier: Apache-2.0
#include "nn/attention/tiles.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/attention/row_ops.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>

#include "kernels/memory.h"
#include "kernels/table.h"
#include "math/coefficients.h"
#include "math/lanes.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

constexpr std::size_t kStep = nn::attention::kRowUnit;
using V = Lanes<float, kStep / hn::MaxLanes(Tag<float>())>;
constexpr float kInfinity = std::numeric_limits<float>::infinity();

// Joins 16 numbers: join(i, i + 8), then those of the first half, and so on.
template <class D, class Join>
HWY_INLINE float TreeOf([[maybe_unused]] D d, const hn::Vec<D> v, const Join& join) {
  if constexpr (hn::MaxLanes(D()) == 1) {
    return hn::GetLane(v);
  } else {
    const hn::Half<D> half;
    return TreeOf(half, join(hn::LowerHalf(half, v), hn::UpperHalf(half, v)), join);
  }
}
template <class Join>
HWY_INLINE float Tree(V lanes, const Join& join) {
  for (std::size_t width = std::size(lanes.v) / 2; width > 0; width /= 2) {
    for (std::size_t i = 0; i < width; ++i) lanes.v[i] = join(lanes.v[i], lanes.v[i + width]);
  }
  return TreeOf(Tag<float>(), lanes.v[0], join);
}
HWY_INLINE float SumOf(const V& lanes) {
  return Tree(lanes, [](auto a, auto b) HWY_ATTR { return hn::Add(a, b); });
}

float RowMax(const float* x, std::size_t n) {
  V max(-static_cast<double>(kInfinity));
  const V infinity(static_cast<double>(kInfinity));
  auto numbers = max <= infinity;  // false for NaN alone
  for (std::size_t i = 0; i < n; i += kStep) {
    const V at = LoadLanes<V>(x + i);
    numbers = And(numbers, at <= infinity);
    max = Max(max, at);
  }
  if (!AllOf(numbers)) return std::numeric_limits<float>::quiet_NaN();
  return Tree(max, [](auto a, auto b) HWY_ATTR { return hn::Max(a, b); });
}

// e^x for x <= 0; 0 below -86.99. Relative error: 2^-22. NaN: unspecified. With k = round(x / ln 2)
// it is 2^(k - 1) 2 e^r, r = x - k ln 2. Adding 1.5 * 2^23 rounds; the low bits are those of k +
// 126 then, which is the exponent of 2^(k - 1): for k = -126 these are the bits of 0.
HWY_INLINE V ExpOrZero(const V& x) {
  const V magic = 0x1.8p23 + 126;
  const V at = Max(x, -87.3);
  const V shifted = Fma(at, 0x1.715476p0, magic);
  const V k = shifted - magic;
  const V r = NegFma(k, coefficients::kLn2Coarse[1], NegFma(k, coefficients::kLn2Coarse[0], at));
  V power;
  for (std::size_t i = 0; i < std::size(power.v); ++i) {
    const auto bits = hn::BitCast(Tag<std::int32_t>(), shifted.v[i]);
    power.v[i] = hn::BitCast(Tag<float>(), hn::ShiftLeft<23>(bits));
  }
  // By Horner's rule: few numbers at a time, so that sums of callers stay in registers.
  std::size_t i = std::size(coefficients::kTwiceExp) - 1;
  V p = coefficients::kTwiceExp[i];
  while (i > 0) p = Fma(p, r, coefficients::kTwiceExp[--i]);
  return power * Fma(p, r, 2);
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
  return SumOf(sum);
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
  return SumOf(sum);
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
