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

static_assert(kPanel <= nn::kWidestPanel);
constexpr std::size_t kNarrowRows = 10;  // of a panel of one vector

using V = hn::Vec<Tag<float>>;

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

// A tile of c, `width` columns of some rows.
struct Place {
  const float *a, *b, *bias;
  float* c;
  std::size_t width;
};

// Whether c is added to is known to the compiler, and the loop has no exit at its beginning: so the
// sums are in registers from the first to the last.
template <bool kFused, bool kAdds, std::size_t kRows, std::size_t kVectors, bool kEdge>
HWY_NOINLINE void Tile(const PatchProduct& p, const Place at) {
  const Tag<float> d;
  const std::ptrdiff_t c_row = p.c_stride, a_row = p.a_row, a_step = p.a_step;
  const auto index = [](std::size_t i) { return static_cast<std::ptrdiff_t>(i); };
  V sum[kRows][kVectors];
  for (std::size_t i = 0; i < kRows; ++i) {
    for (std::size_t j = 0; j < kVectors; ++j) {
      sum[i][j] = kAdds ? hn::LoadU(d, at.c + index(i) * c_row + j * kLanes) : hn::Zero(d);
    }
  }
  const float* a = at.a;
  const std::ptrdiff_t* row = p.rows;
  const std::ptrdiff_t* const last = row + p.k;
  do {
    const float* const b = at.b + *row;
    V y[kVectors];
    for (std::size_t j = 0; j < kVectors; ++j) y[j] = hn::LoadU(d, b + j * kLanes);
    for (std::size_t i = 0; i < kRows; ++i) {
      const V left = hn::Set(d, a[index(i) * a_row]);
      for (std::size_t j = 0; j < kVectors; ++j) {
        sum[i][j] = AddProduct<kFused>(sum[i][j], left, y[j]);
      }
    }
    a += a_step;
  } while (++row != last);
  for (std::size_t i = 0; i < kRows; ++i) {
    if constexpr (!kAdds) {
      const V bias = hn::Set(d, at.bias == nullptr ? 0.0F : at.bias[i]);
      for (std::size_t j = 0; j < kVectors; ++j) sum[i][j] = hn::Add(sum[i][j], bias);
    }
    StoreRow<kVectors, kEdge>(sum[i], at.width - (kVectors - 1) * kLanes, at.c + index(i) * c_row);
  }
}

// The same for as many rows as there are.
template <bool kFused, bool kAdds, std::size_t kRows, std::size_t kVectors, bool kEdge>
HWY_INLINE void TileRows(const PatchProduct& p, std::size_t rows, const Place& at) {
  if (rows == kRows) return Tile<kFused, kAdds, kRows, kVectors, kEdge>(p, at);
  if constexpr (kRows > 1) TileRows<kFused, kAdds, kRows - 1, kVectors, kEdge>(p, rows, at);
}

template <bool kFused, bool kAdds, std::size_t kVectors, bool kEdge>
HWY_INLINE void AllRows(const PatchProduct& p, std::size_t column, std::size_t width) {
  const std::size_t rows = RowsOf(p.m, kTileRows);
  for (std::size_t i = 0; i < p.m; i += rows) {
    const auto first = static_cast<std::ptrdiff_t>(i);
    TileRows<kFused, kAdds, kTileRows, kVectors, kEdge>(
        p, std::min(rows, p.m - i),
        {p.a + first * p.a_row, p.b + column, p.bias == nullptr ? nullptr : p.bias + i,
         p.c + first * p.c_stride + column, width});
  }
}

template <bool kFused, bool kAdds>
void MultiplyAll(const PatchProduct& p) {
  for (std::size_t column = 0; column < p.n; column += kPanel) {
    const std::size_t width = std::min(kPanel, p.n - column);
    if (width == kPanel) {
      AllRows<kFused, kAdds, kTileVectors, false>(p, column, width);
    } else if (width > kLanes) {
      AllRows<kFused, kAdds, kTileVectors, true>(p, column, width);
    } else {
      AllRows<kFused, kAdds, 1, true>(p, column, width);
    }
  }
}

template <bool kFused>
void Multiply(const PatchProduct& p) {
  if (p.adds) return MultiplyAll<kFused, true>(p);
  MultiplyAll<kFused, false>(p);
}

template <bool kFused, bool kAdds, std::size_t kRows, std::size_t kVectors>
HWY_NOINLINE void PanelTile(const PanelProduct& p, std::size_t first) {
  const Tag<float> d;
  constexpr std::size_t kWidth = kVectors * kLanes;
  float* const c = p.c + first * kWidth;
  const float* x[kRows];
  V sum[kRows][kVectors];
  for (std::size_t i = 0; i < kRows; ++i) {
    x[i] = p.a + p.rows[first + i];
    for (std::size_t j = 0; j < kVectors; ++j) {
      sum[i][j] = kAdds ? hn::LoadU(d, c + i * kWidth + j * kLanes) : hn::Zero(d);
    }
  }
  const float* b = p.b;
  const std::size_t n = p.n;
  std::size_t k = 0;
  do {
    V y[kVectors];
    for (std::size_t j = 0; j < kVectors; ++j) y[j] = hn::LoadU(d, b + j * kLanes);
    for (std::size_t i = 0; i < kRows; ++i) {
      const V left = hn::Set(d, x[i][k]);
      for (std::size_t j = 0; j < kVectors; ++j) {
        sum[i][j] = AddProduct<kFused>(sum[i][j], left, y[j]);
      }
    }
    b += kWidth;
  } while (++k != n);
  for (std::size_t i = 0; i < kRows; ++i) {
    for (std::size_t j = 0; j < kVectors; ++j) {
      hn::StoreU(sum[i][j], d, c + i * kWidth + j * kLanes);
    }
  }
}

template <bool kFused, bool kAdds, std::size_t kRows, std::size_t kVectors>
HWY_INLINE void PanelRows(const PanelProduct& p, const Rows rows) {
  if (rows.count == kRows) return PanelTile<kFused, kAdds, kRows, kVectors>(p, rows.first);
  if constexpr (kRows > 1) PanelRows<kFused, kAdds, kRows - 1, kVectors>(p, rows);
}

template <bool kFused, std::size_t kMostRows, std::size_t kVectors>
HWY_INLINE void AllPanelRows(const PanelProduct& p) {
  const std::size_t rows = RowsOf(p.m, kMostRows);
  for (std::size_t i = 0; i < p.m; i += rows) {
    const Rows some = {i, std::min(rows, p.m - i)};
    if (p.adds) {
      PanelRows<kFused, true, kMostRows, kVectors>(p, some);
    } else {
      PanelRows<kFused, false, kMostRows, kVectors>(p, some);
    }
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
