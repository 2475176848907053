// SPDX-License-Identifier: Apache-2.0
#include "nn/layers/patch_products.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/layers/patch_products.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>

#include "kernels/table.h"
#include "nn/panel.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {
using nn::PanelProduct;
using nn::PatchProduct;

// A tile of c stays in registers: 12 of 16 on most targets, beside two vectors of b and one number
// of a.
constexpr std::size_t kLanes = hn::MaxLanes(Tag<float>());
constexpr std::size_t kTileRows = 6;
constexpr std::size_t kTileVectors = 2;
constexpr std::size_t kPanel = kTileVectors * kLanes;
static_assert(kPanel <= nn::kWidestPanel);
constexpr std::size_t kNarrowRows = 10;  // of a panel of one vector

using V = hn::Vec<Tag<float>>;

template <bool kFused>
HWY_INLINE V AddProduct(const V sum, const V a, const V b) {
  if constexpr (kFused && HWY_NATIVE_FMA) return hn::MulAdd(a, b, sum);
  return hn::Add(sum, hn::Mul(a, b));
}

// Some rows of a product.
struct Rows {
  std::size_t first, count;
};

// Of m rows at a time, at most `most`, and as equal as can be: few rows leave the CPU waiting.
HWY_INLINE std::size_t RowsOf(std::size_t m, std::size_t most) {
  const std::size_t parts = (m + most - 1) / most;
  return (m + parts - 1) / parts;
}

// Stores the vectors of a row; of the last one, if it is an edge, only the first `rest` numbers.
template <std::size_t kVectors, bool kEdge>
HWY_INLINE void StoreRow(const V (&row)[kVectors], std::size_t rest, float* to) {
  const Tag<float> d;
  constexpr std::size_t kWhole = kEdge ? kVectors - 1 : kVectors;
  for (std::size_t j = 0; j < kWhole; ++j) hn::StoreU(row[j], d, to + j * kLanes);
  if constexpr (kEdge) {
    HWY_ALIGN float edge[kLanes];
    hn::Store(row[kWhole], d, edge);
    std::copy_n(edge, rest, to + kWhole * kLanes);
  }
}

// kRows rows from the i-th on, and `width` columns from the given one on.
template <bool kFused, std::size_t kRows, std::size_t kVectors, bool kEdge>
HWY_NOINLINE void Tile(const PatchProduct& p, std::size_t first, std::size_t column,
                       std::size_t width) {
  const Tag<float> d;
  const auto row = static_cast<std::ptrdiff_t>(first);
  float* const c = p.c + row * p.c_stride + column;
  const auto at = [&](std::size_t i) { return c + static_cast<std::ptrdiff_t>(i) * p.c_stride; };
  V sum[kRows][kVectors];
  for (std::size_t i = 0; i < kRows; ++i) {
    for (std::size_t j = 0; j < kVectors; ++j) {
      sum[i][j] = p.adds ? hn::LoadU(d, at(i) + j * kLanes) : hn::Zero(d);
    }
  }
  const float* a = p.a + row * p.a_row;
  const float* const b = p.b + column;
  for (std::size_t k = 0; k < p.k; ++k, a += p.a_step) {
    V y[kVectors];
    for (std::size_t j = 0; j < kVectors; ++j) y[j] = hn::LoadU(d, b + p.rows[k] + j * kLanes);
    for (std::size_t i = 0; i < kRows; ++i) {
      const V left = hn::Set(d, a[static_cast<std::ptrdiff_t>(i) * p.a_row]);
      for (std::size_t j = 0; j < kVectors; ++j) {
        sum[i][j] = AddProduct<kFused>(sum[i][j], left, y[j]);
      }
    }
  }
  for (std::size_t i = 0; i < kRows; ++i) {
    const V bias = hn::Set(d, p.bias == nullptr ? 0.0F : p.bias[first + i]);
    for (std::size_t j = 0; j < kVectors; ++j) {
      if (!p.adds) sum[i][j] = hn::Add(sum[i][j], bias);
    }
    StoreRow<kVectors, kEdge>(sum[i], width - (kVectors - 1) * kLanes, at(i));
  }
}

// The same for as many rows as there are left.
template <bool kFused, std::size_t kRows, std::size_t kVectors, bool kEdge>
HWY_INLINE void TileRows(const PatchProduct& p, const Rows rows, std::size_t column,
                         std::size_t width) {
  if (rows.count == kRows)
    return Tile<kFused, kRows, kVectors, kEdge>(p, rows.first, column, width);
  if constexpr (kRows > 1) TileRows<kFused, kRows - 1, kVectors, kEdge>(p, rows, column, width);
}

template <bool kFused>
void Multiply(const PatchProduct& p) {
  const std::size_t rows = RowsOf(p.m, kTileRows);
  for (std::size_t column = 0; column < p.n; column += kPanel) {
    const std::size_t width = std::min(kPanel, p.n - column);
    const auto each = [&]<std::size_t kVectors, bool kEdge>() HWY_ATTR {
      for (std::size_t i = 0; i < p.m; i += rows) {
        TileRows<kFused, kTileRows, kVectors, kEdge>(p, {i, std::min(rows, p.m - i)}, column,
                                                     width);
      }
    };
    if (width == kPanel) {
      each.template operator()<kTileVectors, false>();
    } else if (width > kLanes) {
      each.template operator()<kTileVectors, true>();
    } else {
      each.template operator()<1, true>();
    }
  }
}

template <bool kFused, std::size_t kRows, std::size_t kVectors>
HWY_NOINLINE void PanelTile(const PanelProduct& p, std::size_t first) {
  const Tag<float> d;
  constexpr std::size_t kWidth = kVectors * kLanes;
  float* const c = p.c + first * kWidth;
  const float* x[kRows];
  V sum[kRows][kVectors];
  for (std::size_t i = 0; i < kRows; ++i) {
    x[i] = p.a + p.rows[first + i];
    for (std::size_t j = 0; j < kVectors; ++j) {
      sum[i][j] = p.adds ? hn::LoadU(d, c + i * kWidth + j * kLanes) : hn::Zero(d);
    }
  }
  const float* b = p.b;
  for (std::size_t k = 0; k < p.n; ++k, b += kWidth) {
    V y[kVectors];
    for (std::size_t j = 0; j < kVectors; ++j) y[j] = hn::LoadU(d, b + j * kLanes);
    for (std::size_t i = 0; i < kRows; ++i) {
      const V left = hn::Set(d, x[i][k]);
      for (std::size_t j = 0; j < kVectors; ++j) {
        sum[i][j] = AddProduct<kFused>(sum[i][j], left, y[j]);
      }
    }
  }
  for (std::size_t i = 0; i < kRows; ++i) {
    for (std::size_t j = 0; j < kVectors; ++j) {
      hn::StoreU(sum[i][j], d, c + i * kWidth + j * kLanes);
    }
  }
}

template <bool kFused, std::size_t kRows, std::size_t kVectors>
HWY_INLINE void PanelRows(const PanelProduct& p, const Rows rows) {
  if (rows.count == kRows) return PanelTile<kFused, kRows, kVectors>(p, rows.first);
  if constexpr (kRows > 1) PanelRows<kFused, kRows - 1, kVectors>(p, rows);
}

template <bool kFused, std::size_t kMostRows, std::size_t kVectors>
HWY_INLINE void AllPanelRows(const PanelProduct& p) {
  const std::size_t rows = RowsOf(p.m, kMostRows);
  for (std::size_t i = 0; i < p.m; i += rows) {
    PanelRows<kFused, kMostRows, kVectors>(p, {i, std::min(rows, p.m - i)});
  }
}

template <bool kFused>
void MultiplyPanel(const PanelProduct& p) {
  if (p.width <= kLanes) return AllPanelRows<kFused, kNarrowRows, 1>(p);
  AllPanelRows<kFused, kTileRows, kTileVectors>(p);
}

void Pack(const float* from, std::size_t stride, std::size_t width, std::size_t n, float* to) {
  if (width <= kLanes) return TransposeToPanel<kLanes>(from, stride, width, n, to);
  TransposeToPanel<kPanel>(from, stride, width, n, to);
}

void AddToSums(const float* x, std::size_t n, std::size_t phase, double* sums) {
  constexpr std::size_t kSums = 8;
  using Sums = Lanes<double, kSums / hn::MaxLanes(Tag<double>())>;
  std::size_t i = 0;
  for (; i < n && (phase + i) % kSums != 0; ++i) {
    sums[(phase + i) % kSums] += static_cast<double>(x[i]);
  }
  auto total = LoadLanes<Sums>(sums);
  for (; i + kSums <= n; i += kSums) total = total + LoadLanes<Sums>(x + i);
  StoreLanes(total, sums);
  for (std::size_t k = 0; i < n; ++i, ++k) sums[k] += static_cast<double>(x[i]);
}

struct Copy {
  template <class D>
  HWY_INLINE auto operator()(D d, const float* from, const float* /*to*/) const {
    return hn::LoadU(d, from);
  }
};

struct Add {
  template <class D>
  HWY_INLINE auto operator()(D d, const float* from, const float* to) const {
    return hn::Add(hn::LoadU(d, to), hn::LoadU(d, from));
  }
};

// A row of kCount numbers or more. The last vector, which may begin among others, is computed
// before these are stored.
template <std::size_t kCount, class F>
HWY_INLINE void MapRow(const float* from, float* to, std::size_t n) {
  const hn::CappedTag<float, kCount> d;
  const auto last = F()(d, from + n - kCount, to + n - kCount);
  for (std::size_t i = 0; i + kCount < n; i += kCount) {
    hn::StoreU(F()(d, from + i, to + i), d, to + i);
  }
  hn::StoreU(last, d, to + n - kCount);
}

template <std::size_t kCount, class F>
HWY_INLINE void MapRows(const nn::RowBlock& b) {
  if (b.n < kCount) {
    if constexpr (kCount > 1) MapRows<kCount / 2, F>(b);
    return;
  }
  for (std::size_t i = 0; i < b.count; ++i) {
    const auto row = static_cast<std::ptrdiff_t>(i);
    MapRow<kCount, F>(b.from + row * b.from_stride, b.to + row * b.to_stride, b.n);
  }
}

void CopyRows(const nn::RowBlock& b) { MapRows<HWY_MIN(kLanes, 8), Copy>(b); }
void AddRows(const nn::RowBlock& b) { MapRows<HWY_MIN(kLanes, 8), Add>(b); }

constexpr nn::PatchProducts kPatchProducts = {{Multiply<true>, MultiplyPanel<true>},
                                              {Multiply<false>, MultiplyPanel<false>},
                                              kPanel,
                                              Pack,
                                              AddToSums,
                                              CopyRows,
                                              AddRows};

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace actfn::nn {

const PatchProducts& patch_products() {
  static constexpr kernels::PerTarget<PatchProducts> kAll = ACTFN_PER_TARGET(kPatchProducts);
  return kAll.of(kernels::active_target());
}

}  // namespace actfn::nn
#endif
