// SPDX-License-Identifier: Apache-2.0
// Products for convolutions whose kernels are small: the right matrix is read where it lies, one
// row here and one there. Through Highway, on the instruction set that actfn::target() names.
#pragma once

#include <cstddef>

namespace actfn::nn {

// c[m, n] = a b + bias, or c += a b; k is at least 1. Element (i, k) of a is a[i * a_row + k *
// a_step], row k of b begins at b + rows[k], and rows of c are c_stride apart. bias has m numbers.
// Behind the rows of b, and of c if it is added to, kWidestPanel numbers may be read, which have no
// meaning.
struct PatchProduct {
  std::size_t m, n, k;
  const float* a;
  std::ptrdiff_t a_row, a_step;
  const float* b;
  const std::ptrdiff_t* rows;
  float* c;
  std::ptrdiff_t c_stride;
  const float* bias = nullptr;
  bool adds = false;
};

// c[m, width] = a b, or c += a b: sums over n positions, at least 1. Row i of a begins at a +
// rows[i], and b and c are panels.
struct PanelProduct {
  std::size_t m, n;
  const float* a;
  const std::ptrdiff_t* rows;
  const float* b;
  std::size_t width;
  float* c;
  bool adds;
};

// Each element of c is a sum in the order of k, or of the positions.
struct PatchMultiply {
  void (*multiply)(const PatchProduct& p);
  void (*multiply_panel)(const PanelProduct& p);
};

// `count` rows of n numbers.
struct RowBlock {
  const float* from;
  std::ptrdiff_t from_stride;
  float* to;
  std::ptrdiff_t to_stride;
  std::size_t count, n;
};

// One instruction set's.
struct PatchProducts {
  PatchMultiply fused;
  // Every product and every sum is rounded: the bits do not depend on the instruction set.
  PatchMultiply rounded;
  // Panels have so many columns, or half as many if these are enough.
  std::size_t panel;
  // The transpose of `width` rows as a panel. Columns beyond them are left as they are.
  void (*pack)(const float* from, std::size_t stride, std::size_t width, std::size_t n, float* to);
  // sums[(phase + i) % 8] += x[i]
  void (*add_to_sums)(const float* x, std::size_t n, std::size_t phase, double* sums);

  // to = from, and to += from
  void (*copy_rows)(const RowBlock& b);
  void (*add_rows)(const RowBlock& b);

  std::size_t panel_width(std::size_t width) const {
    return width <= panel / 2 ? panel / 2 : panel;
  }
};
const PatchProducts& patch_products();

// No instruction set has wider panels.
inline constexpr std::size_t kWidestPanel = 32;

}  // namespace actfn::nn
