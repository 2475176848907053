// SPDX-License-Identifier: Apache-2.0
#include "nn/attention/tiles.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/attention/products.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>

#include "kernels/table.h"
#include "nn/panel.h"

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

// Where a tile begins, and how long its sums are.
struct Place {
  Left a;
  const float* b;
  float* c;
  std::size_t depth;  // at least 1
};

// kRows rows of one panel. Whether c is added to is known to the compiler, and the loop has no exit
// at its beginning: so the sums are in registers from the first to the last.
template <bool kFused, std::size_t kRows, bool kAdds>
HWY_NOINLINE void Tile(const Place at, const std::size_t b_row, const std::size_t c_row) {
  const Tag<float> d;
  V sum[kRows][kTileVectors];
  for (std::size_t i = 0; i < kRows; ++i) {
    for (std::size_t j = 0; j < kTileVectors; ++j) {
      sum[i][j] = kAdds ? hn::LoadU(d, at.c + i * c_row + j * kLanes) : hn::Zero(d);
    }
  }
  const float* x = at.a.at;
  const float* b = at.b;
  std::size_t k = at.depth;
  do {
    V y[kTileVectors];
    for (std::size_t j = 0; j < kTileVectors; ++j) y[j] = hn::LoadU(d, b + j * kLanes);
    for (std::size_t i = 0; i < kRows; ++i) {
      const V left = hn::Set(d, x[static_cast<std::ptrdiff_t>(i) * at.a.row]);
      for (std::size_t j = 0; j < kTileVectors; ++j) {
        sum[i][j] = AddProduct<kFused>(sum[i][j], left, y[j]);
      }
    }
    x += at.a.step;
    b += b_row;
  } while (--k != 0);
  for (std::size_t i = 0; i < kRows; ++i) {
    for (std::size_t j = 0; j < kTileVectors; ++j) {
      hn::StoreU(sum[i][j], d, at.c + i * c_row + j * kLanes);
    }
  }
}

// The same for as many rows as there are left.
template <bool kFused, std::size_t kRows>
HWY_INLINE void TileRows(std::size_t rows, bool adds, const Place& at, std::size_t b_row,
                         std::size_t c_row) {
  if (rows >= kRows) {
    if (adds) return Tile<kFused, kRows, true>(at, b_row, c_row);
    return Tile<kFused, kRows, false>(at, b_row, c_row);
  }
  if constexpr (kRows > 1) TileRows<kFused, kRows - 1>(rows, adds, at, b_row, c_row);
}

void Clear(const Product& p) {
  for (std::size_t i = 0; i < p.m && !p.adds; ++i) std::fill_n(p.c + i * p.c_stride, p.n, 0.0F);
}

// A panel has so many rows at most, to stay in the first cache level. Longer sums go on where c
// holds them.
constexpr std::size_t kDepth = 256;

template <bool kFused>
void Multiply(const Product& p) {
  if (p.k == 0) Clear(p);
  for (std::size_t k = 0; k < p.k; k += kDepth) {
    const std::size_t depth = std::min(kDepth, p.k - k);
    for (std::size_t column = 0; column < p.n; column += kPanel) {
      const float* const b = p.b.at + column / kPanel * p.b.panel + k * p.b.row;
      const float* const a = p.a.at + static_cast<std::ptrdiff_t>(k) * p.a.step;
      for (std::size_t i = 0; i < p.m; i += kTileRows) {
        const Left left = {a + static_cast<std::ptrdiff_t>(i) * p.a.row, p.a.row, p.a.step};
        TileRows<kFused, kTileRows>(std::min(kTileRows, p.m - i), p.adds || k > 0,
                                    {left, b, p.c + i * p.c_stride + column, depth}, p.b.row,
                                    p.c_stride);
      }
    }
  }
}

void Pack(const float* from, std::size_t stride, std::size_t n, std::size_t depth, float* to) {
  for (std::size_t j = 0; j < n; j += kPanel, to += depth * kPanel) {
    const std::size_t width = std::min(kPanel, n - j);
    if (width < kPanel) std::fill_n(to, depth * kPanel, 0.0F);
    TransposeToPanel<kPanel>(from + j * stride, stride, width, depth, to);
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
