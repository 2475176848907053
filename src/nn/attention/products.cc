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
using nn::attention::Rows;

using V = hn::Vec<Tag<float>>;

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
HWY_INLINE void Tile(const Place& at, const std::size_t b_row, const std::size_t c_row) {
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

// So many tiles, one below the other.
template <bool kFused, std::size_t kRows, bool kAdds>
HWY_NOINLINE void Tiles(std::size_t count, Place at, const std::size_t b_row,
                        const std::size_t c_row) {
  for (; count > 0; --count) {
    Tile<kFused, kRows, kAdds>(at, b_row, c_row);
    at.a.at += static_cast<std::ptrdiff_t>(kRows) * at.a.row;
    at.c += kRows * c_row;
  }
}

// The rows that are left.
template <bool kFused, std::size_t kRows, bool kAdds>
HWY_INLINE void Rest(std::size_t rows, const Place& at, std::size_t b_row, std::size_t c_row) {
  if (rows == kRows) return Tiles<kFused, kRows, kAdds>(1, at, b_row, c_row);
  if constexpr (kRows > 1) Rest<kFused, kRows - 1, kAdds>(rows, at, b_row, c_row);
}

// One panel. A tile of one or two rows takes as long as one of four: the rows of the last two tiles
// are shared out then.
template <bool kFused, bool kAdds>
void Panel(const Product& p, Place at) {
  const auto move = [&](std::size_t rows) {
    at.a.at += static_cast<std::ptrdiff_t>(rows) * p.a.row;
    at.c += rows * p.c_stride;
  };
  std::size_t count = p.m / kTileRows, rest = p.m % kTileRows;
  const bool shares = count > 0 && (rest == 1 || rest == 2);
  if (shares) --count;
  if (count > 0) Tiles<kFused, kTileRows, kAdds>(count, at, p.b.row, p.c_stride);
  move(count * kTileRows);
  if (shares) {
    constexpr std::size_t kUpper = 4;
    Tiles<kFused, kUpper, kAdds>(1, at, p.b.row, p.c_stride);
    move(kUpper);
    rest += kTileRows - kUpper;
  }
  Rest<kFused, kTileRows - 1, kAdds>(rest, at, p.b.row, p.c_stride);
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
      const float* const a = p.a.at + static_cast<std::ptrdiff_t>(k) * p.a.step;
      const float* const b = p.b.at + column / kPanel * p.b.panel + k * p.b.row;
      const Place at = {{a, p.a.row, p.a.step}, b, p.c + column, depth};
      if (p.adds || k > 0) {
        Panel<kFused, true>(p, at);
      } else {
        Panel<kFused, false>(p, at);
      }
    }
  }
}

void Scale(float* x, std::size_t vectors, float factor) {
  const Tag<float> d;
  const V times = hn::Set(d, factor);
  for (std::size_t i = 0; i < vectors; ++i, x += kLanes) {
    hn::StoreU(hn::Mul(hn::LoadU(d, x), times), d, x);
  }
}

void Transpose(const Rows& rows, float scale, float* to) {
  for (std::size_t j = 0; j < rows.count; j += kPanel, to += rows.width * kPanel) {
    const std::size_t width = std::min(kPanel, rows.count - j);
    if (width < kPanel) std::fill_n(to, rows.width * kPanel, 0.0F);
    TransposeToPanel<kPanel>(rows.at + j * rows.stride, rows.stride, width, rows.width, to);
    if (scale != 1) Scale(to, rows.width * kTileVectors, scale);
  }
}

void Split(const Rows& rows, float* to) {
  const Tag<float> d;
  for (std::size_t column = 0; column < rows.width; column += kPanel) {
    const float* from = rows.at + column;
    for (std::size_t i = 0; i < rows.count; ++i, from += rows.stride, to += kPanel) {
      for (std::size_t j = 0; j < kPanel; j += kLanes) {
        hn::StoreU(hn::LoadU(d, from + j), d, to + j);
      }
    }
  }
}

constexpr nn::attention::Products kProducts = {kPanel, Multiply<true>, Multiply<false>, Transpose,
                                               Split};

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
