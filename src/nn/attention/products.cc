// SPDX-License-Identifier: Apache-2.0
#include "nn/attention/tiles.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/attention/products.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>

#include "kernels/memory.h"
#include "kernels/table.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {
using nn::attention::Left;
using nn::attention::Product;

// A tile of c stays in registers: 12 of 16 on most targets, beside two vectors of b and one number
// of a.
constexpr std::size_t kLanes = hn::MaxLanes(Tag<float>());
constexpr std::size_t kTileRows = 6;
constexpr std::size_t kTileVectors = 2;
constexpr std::size_t kPanel = kTileVectors * kLanes;

using V = hn::Vec<Tag<float>>;

template <bool kFused>
HWY_INLINE V AddProduct(const V sum, const V a, const V b) {
  if constexpr (kFused && HWY_NATIVE_FMA) return hn::MulAdd(a, b, sum);
  return hn::Add(sum, hn::Mul(a, b));
}

// kRows rows of one panel.
template <bool kFused, std::size_t kRows>
HWY_NOINLINE void Tile(const Product& p, const Left a, const float* b, float* c) {
  const Tag<float> d;
  V sum[kRows][kTileVectors];
  for (std::size_t i = 0; i < kRows; ++i) {
    for (std::size_t j = 0; j < kTileVectors; ++j) {
      sum[i][j] = p.adds ? hn::LoadU(d, c + i * p.c_stride + j * kLanes) : hn::Zero(d);
    }
  }
  const float* x = a.at;
  const std::size_t b_row = p.b.row;
  for (std::size_t k = 0; k < p.k; ++k, x += a.step, b += b_row) {
    V y[kTileVectors];
    for (std::size_t j = 0; j < kTileVectors; ++j) y[j] = hn::LoadU(d, b + j * kLanes);
    for (std::size_t i = 0; i < kRows; ++i) {
      const V left = hn::Set(d, x[static_cast<std::ptrdiff_t>(i) * a.row]);
      for (std::size_t j = 0; j < kTileVectors; ++j) {
        sum[i][j] = AddProduct<kFused>(sum[i][j], left, y[j]);
      }
    }
  }
  for (std::size_t i = 0; i < kRows; ++i) {
    for (std::size_t j = 0; j < kTileVectors; ++j) {
      hn::StoreU(sum[i][j], d, c + i * p.c_stride + j * kLanes);
    }
  }
}

// The same for as many rows as there are left.
template <bool kFused, std::size_t kRows>
HWY_INLINE void TileRows(std::size_t rows, const Product& p, const Left a, const float* b,
                         float* c) {
  if (rows >= kRows) return Tile<kFused, kRows>(p, a, b, c);
  if constexpr (kRows > 1) TileRows<kFused, kRows - 1>(rows, p, a, b, c);
}

template <bool kFused>
void Multiply(const Product& p) {
  for (std::size_t column = 0; column < p.n; column += kPanel) {
    const float* const b = p.b.at + column / kPanel * p.b.panel;
    for (std::size_t i = 0; i < p.m; i += kTileRows) {
      const Left a = {p.a.at + static_cast<std::ptrdiff_t>(i) * p.a.row, p.a.row, p.a.step};
      TileRows<kFused, kTileRows>(std::min(kTileRows, p.m - i), p, a, b,
                                  p.c + i * p.c_stride + column);
    }
  }
}

// to[k * kPanel + j] = from[j * stride + k], 4 by 4: the second loops take what is left.
HWY_INLINE void Transpose(const float* from, std::size_t stride, std::size_t width,
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
  for (; HWY_TARGET != HWY_EMU128 && j + 4 <= width; j += 4) {
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
      float* const out = to + k * kPanel + j;
      hn::StoreU(low(a, e), d, out);
      hn::StoreU(high(a, e), d, out + kPanel);
      hn::StoreU(low(b, f), d, out + 2 * kPanel);
      hn::StoreU(high(b, f), d, out + 3 * kPanel);
    }
    for (; k < depth; ++k) {
      for (std::size_t l = 0; l < 4; ++l) to[k * kPanel + j + l] = rows[l * stride + k];
    }
  }
  for (; j < width; ++j) {
    for (std::size_t k = 0; k < depth; ++k) to[k * kPanel + j] = from[j * stride + k];
  }
}

void Pack(const float* from, std::size_t stride, std::size_t n, std::size_t depth, float* to) {
  for (std::size_t j = 0; j < n; j += kPanel, to += depth * kPanel) {
    const std::size_t width = std::min(kPanel, n - j);
    if (width < kPanel) std::fill_n(to, depth * kPanel, 0.0F);
    Transpose(from + j * stride, stride, width, depth, to);
  }
}

constexpr nn::attention::Products kProducts = {kPanel, Multiply<true>, Multiply<false>, Pack};

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace actfn::nn::attention {

const Products& products() {
  static constexpr kernels::PerTarget<Products> kAll = ACTFN_PER_TARGET(kProducts);
  return kAll.of(kernels::active_target());
}

}  // namespace actfn::nn::attention
#endif
