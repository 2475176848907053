// SPDX-License-Identifier: Apache-2.0
// Panels: columns of a matrix as rows of a fixed length, one behind the other, for products.
#if defined(ACTFN_NN_PANEL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_NN_PANEL_H_
#undef ACTFN_NN_PANEL_H_
#else
#define ACTFN_NN_PANEL_H_
#endif

#include "kernels/memory.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// A tile of results stays in registers: 12 of 16 on most targets, beside two vectors of a panel,
// one number of the left matrix and, where products are rounded, one product.
inline constexpr std::size_t kLanes = hn::MaxLanes(Tag<float>());
inline constexpr std::size_t kTileRows = 6;
inline constexpr std::size_t kTileVectors = 2;
inline constexpr std::size_t kPanel = kTileVectors * kLanes;

// sum + a b, fused where it may be and where the CPU can.
template <bool kFused>
HWY_INLINE hn::Vec<Tag<float>> AddProduct(const hn::Vec<Tag<float>> sum,
                                          const hn::Vec<Tag<float>> a,
                                          const hn::Vec<Tag<float>> b) {
  if constexpr (kFused && HWY_NATIVE_FMA) return hn::MulAdd(a, b, sum);
  return hn::Add(sum, hn::Mul(a, b));
}

// to[k * kColumns + j] = from[j * stride + k], 4 by 4: the second loops take what is left.
template <std::size_t kColumns>
HWY_INLINE void TransposeToPanel(const float* from, std::size_t stride, std::size_t width,
                                 std::size_t depth, float* to) {
  const hn::CappedTag<float, 4> d;
  const hn::RepartitionToWide<decltype(d)> wide;
  const auto low = [&](auto x, auto y) HWY_ATTR {
    return hn::BitCast(d, hn::InterleaveLower(wide, hn::BitCast(wide, x), hn::BitCast(wide, y)));
  };
  const auto high = [&](auto x, auto y) HWY_ATTR {
    return hn::BitCast(d, hn::InterleaveUpper(wide, hn::BitCast(wide, x), hn::BitCast(wide, y)));
  };
  std::size_t j = 0;
  for (; j + 4 <= width; j += 4) {
    const float* const rows = from + j * stride;
    std::size_t k = 0;
    for (; k + 4 <= depth; k += 4) {
      const auto r0 = hn::LoadU(d, rows + k);
      const auto r1 = hn::LoadU(d, rows + stride + k);
      const auto r2 = hn::LoadU(d, rows + 2 * stride + k);
      const auto r3 = hn::LoadU(d, rows + 3 * stride + k);
      const auto a = hn::InterleaveLower(d, r0, r1);
      const auto b = hn::InterleaveUpper(d, r0, r1);
      const auto e = hn::InterleaveLower(d, r2, r3);
      const auto f = hn::InterleaveUpper(d, r2, r3);
      float* const out = to + k * kColumns + j;
      hn::StoreU(low(a, e), d, out);
      hn::StoreU(high(a, e), d, out + kColumns);
      hn::StoreU(low(b, f), d, out + 2 * kColumns);
      hn::StoreU(high(b, f), d, out + 3 * kColumns);
    }
    for (; k < depth; ++k) {
      for (std::size_t l = 0; l < 4; ++l) to[k * kColumns + j + l] = rows[l * stride + k];
    }
  }
  for (; j < width; ++j) {
    for (std::size_t k = 0; k < depth; ++k) to[k * kColumns + j] = from[j * stride + k];
  }
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
