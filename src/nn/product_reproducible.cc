// SPDX-License-Identifier: Apache-2.0
#include "nn/product_reproducible.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/product_reproducible.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>

#include "kernels/table.h"
#include "nn/panel.h"

// Once for all targets.
#ifndef ACTFN_NN_PRODUCT_REPRODUCIBLE_
#define ACTFN_NN_PRODUCT_REPRODUCIBLE_
namespace actfn::nn {

// Element (i, k) of the left matrix is at[i * row + k * step].
struct Left {
  const float* at;
  std::ptrdiff_t row, step;

  Left from(std::size_t i, std::size_t k) const {
    return {at + static_cast<std::ptrdiff_t>(i) * row + static_cast<std::ptrdiff_t>(k) * step, row,
            step};
  }
};

struct Product {
  std::size_t m, n, k;
  Left a;
  Matrix b;
  float* c;
  std::size_t c_stride;
  bool adds;  // to what c has
};

// One instruction set's.
struct ProductTable {
  void (*multiply)(const Product& p);
};

}  // namespace actfn::nn
#endif

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {
using nn::Left;
using nn::Matrix;
using nn::Product;

// A panel of b has so many rows at most, to stay in the first cache level. Longer sums go on where
// c holds them.
constexpr std::size_t kDepth = 256;
// So many rows of the left matrix, as deep as a panel, stay in the second cache level.
constexpr std::size_t kHeight = 40 * kTileRows;
// For so few rows it does not pay to copy a panel whose rows can be read where they are.
constexpr std::size_t kFewRows = 4 * kTileRows;

using V = hn::Vec<Tag<float>>;

// Columns of b, in rows `stride` apart, and where their products go.
struct Panel {
  const float* b;
  std::size_t stride;
  std::size_t depth;
  bool first;  // c has nothing yet that is added to
};

template <std::size_t kRows, std::size_t kVectors>
struct Tile {
  V v[kRows][kVectors];

  HWY_INLINE void Begin(const float* c, std::size_t stride, bool first) {
    const Tag<float> d;
    for (std::size_t i = 0; i < kRows; ++i) {
      for (std::size_t j = 0; j < kVectors; ++j) {
        v[i][j] = first ? hn::Zero(d) : hn::LoadU(d, c + i * stride + j * kLanes);
      }
    }
  }

  HWY_INLINE void End(float* c, std::size_t stride) const {
    for (std::size_t i = 0; i < kRows; ++i) {
      for (std::size_t j = 0; j < kVectors; ++j) {
        hn::StoreU(v[i][j], Tag<float>(), c + i * stride + j * kLanes);
      }
    }
  }
};

// Adds the products with a panel to kRows rows of c. Products are rounded, not fused: SSE4 and
// portable code have no fused multiply-add.
template <std::size_t kRows, std::size_t kVectors>
HWY_NOINLINE void Multiply(const Left a, const Panel& panel, float* c, std::size_t c_stride) {
  const Tag<float> d;
  Tile<kRows, kVectors> sum;
  sum.Begin(c, c_stride, panel.first);
  const float* x = a.at;
  const float* b = panel.b;
  for (std::size_t k = 0; k < panel.depth; ++k, x += a.step, b += panel.stride) {
    V y[kVectors];
    for (std::size_t j = 0; j < kVectors; ++j) y[j] = hn::LoadU(d, b + j * kLanes);
    for (std::size_t i = 0; i < kRows; ++i) {
      const V left = hn::Set(d, x[static_cast<std::ptrdiff_t>(i) * a.row]);
      for (std::size_t j = 0; j < kVectors; ++j) {
        sum.v[i][j] = AddProduct<false>(sum.v[i][j], left, y[j]);
      }
    }
  }
  sum.End(c, c_stride);
}

// The same for as many rows as there are left.
template <std::size_t kRows, std::size_t kVectors>
HWY_INLINE void MultiplyRows(std::size_t rows, const Left a, const Panel& panel, float* c,
                             std::size_t c_stride) {
  if (rows >= kRows) return Multiply<kRows, kVectors>(a, panel, c, c_stride);
  if constexpr (kRows > 1) MultiplyRows<kRows - 1, kVectors>(rows, a, panel, c, c_stride);
}

// For a panel of which c has only `width` columns.
template <std::size_t kVectors>
void MultiplyEdge(std::size_t rows, std::size_t width, const Left a, const Panel& panel, float* c,
                  std::size_t c_stride) {
  HWY_ALIGN float edge[kTileRows * kPanel] = {};
  if (!panel.first) {
    for (std::size_t i = 0; i < rows; ++i) std::copy_n(c + i * c_stride, width, edge + i * kPanel);
  }
  MultiplyRows<kTileRows, kVectors>(rows, a, panel, edge, kPanel);
  for (std::size_t i = 0; i < rows; ++i) std::copy_n(edge + i * kPanel, width, c + i * c_stride);
}

template <std::size_t kVectors>
void MultiplyPanel(const Product& p, const Left a, const Panel& panel, std::size_t column) {
  const std::size_t width = std::min(kVectors * kLanes, p.n - column);
  for (std::size_t i = 0; i < p.m; i += kTileRows) {
    const std::size_t rows = std::min(kTileRows, p.m - i);
    float* const c = p.c + i * p.c_stride + column;
    if (width == kVectors * kLanes) {
      MultiplyRows<kTileRows, kVectors>(rows, a.from(i, 0), panel, c, p.c_stride);
    } else {
      MultiplyEdge<kVectors>(rows, width, a.from(i, 0), panel, c, p.c_stride);
    }
  }
}

// A copy of b's columns in rows of a panel, one behind the other, with zeros beside them.
void Pack(const Matrix& b, std::size_t k, std::size_t column, std::size_t width, std::size_t depth,
          float* to) {
  const auto stride = static_cast<std::size_t>(b.stride);
  if (width < kPanel) std::fill_n(to, depth * kPanel, 0.0F);
  if (b.transposed)
    return TransposeToPanel<kPanel>(b.data + column * stride + k, stride, width, depth, to);
  for (std::size_t i = 0; i < depth; ++i) {
    const float* const from = b.data + (k + i) * stride + column;
    if (width == kPanel) {
      std::copy_n(from, kPanel, to + i * kPanel);  // of known length: no call
    } else {
      std::copy_n(from, width, to + i * kPanel);
    }
  }
}

// Part `k` of the sums, for some rows.
void MultiplyPart(const Product& p, std::size_t k, float* packed) {
  const auto b_stride = static_cast<std::size_t>(p.b.stride);
  const std::size_t depth = std::min(kDepth, p.k - k);
  for (std::size_t column = 0; column < p.n; column += kPanel) {
    const std::size_t width = std::min(kPanel, p.n - column);
    Panel panel = {packed, kPanel, depth, k == 0 && !p.adds};
    if (p.b.transposed || width < kPanel || p.m > kFewRows) {
      Pack(p.b, k, column, width, depth, packed);
    } else {
      panel.b = p.b.data + k * b_stride + column;
      panel.stride = b_stride;
    }
    if (width > kLanes) {
      MultiplyPanel<kTileVectors>(p, p.a.from(0, k), panel, column);
    } else {
      MultiplyPanel<1>(p, p.a.from(0, k), panel, column);
    }
  }
}

void Multiplied(const Product& p) {
  HWY_ALIGN float packed[kDepth * kPanel];
  for (std::size_t i = 0; i < p.m; i += kHeight) {
    Product rows = p;
    rows.m = std::min(kHeight, p.m - i);
    rows.a = p.a.from(i, 0);
    rows.c = p.c + i * p.c_stride;
    // Without a term the sums are 0, or what c has.
    for (std::size_t k = 0; k == 0 || k < p.k; k += kDepth) MultiplyPart(rows, k, packed);
  }
}

constexpr nn::ProductTable kProduct = {Multiplied};

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace actfn::nn {

namespace {

Product described(int m, int n, int k, Matrix a, Matrix b, float* c, int c_stride, bool adds) {
  const auto size = [](int v) { return static_cast<std::size_t>(v); };
  const Left left = a.transposed ? Left{a.data, 1, a.stride} : Left{a.data, a.stride, 1};
  return {size(m), size(n), size(k), left, b, c, size(c_stride), adds};
}

void compute(const Product& p) {
  static constexpr kernels::PerTarget<ProductTable> kAll = ACTFN_PER_TARGET(kProduct);
  kAll.of(kernels::active_target()).multiply(p);
}

}  // namespace

void reproducible_product(int m, int n, int k, Matrix a, Matrix b, float* c, int c_stride) {
  compute(described(m, n, k, a, b, c, c_stride, false));
}

void add_reproducible_product(int m, int n, int k, Matrix a, Matrix b, float* c, int c_stride) {
  compute(described(m, n, k, a, b, c, c_stride, true));
}

}  // namespace actfn::nn
#endif
