// SPDX-License-Identifier: Apache-2.0
// The kernels of attention: products of small matrices, and what is done to rows of scores; through
// Highway, on the instruction set that actfn::target() names.
#pragma once

#include <cstddef>
#include <cstdint>

namespace actfn::nn::attention {

// Element (i, k) of a left matrix is at[i * row + k * step].
struct Left {
  const float* at;
  std::ptrdiff_t row, step;
};

// A right matrix in panels of Products::panel columns. Its rows are `row` apart, its panels
// `panel`. A matrix whose rows follow each other is one, too: its panels are a panel's width apart.
struct Right {
  const float* at;
  std::size_t row, panel;
};

// c = a b, or c += a b. n must be a multiple of Products::panel; c's rows are c_stride apart.
struct Product {
  std::size_t m, n, k;
  Left a;
  Right b;
  float* c;
  std::size_t c_stride;
  bool adds = false;
};

// Rows of `width` numbers, the first of each `stride` apart.
struct Rows {
  const float* at;
  std::size_t stride, count, width;
};

// One instruction set's. Each element of c is a sum in the order of k.
struct Products {
  std::size_t panel;
  void (*fused)(const Product& p);
  // Every product and every sum is rounded: the bits do not depend on the instruction set.
  void (*rounded)(const Product& p);
  // `scale` times the transpose of some rows, in panels, with zeros beside them. `to` has as many
  // numbers as the rows, their count rounded up to whole panels.
  void (*transpose)(const Rows& rows, float scale, float* to);
  // The rows in panels, each of which is contiguous. Their width must be a multiple of `panel`.
  void (*split)(const Rows& rows, float* to);
};
const Products& products();

// Rows have multiples of kRowUnit elements. Sums have 16 parts, whatever the width of vectors.
inline constexpr std::size_t kRowUnit = 16;

// One instruction set's.
struct RowOps {
  // NaN where x has one.
  float (*max)(const float* x, std::size_t n);
  // e^x for x <= 0
  float (*exp_of)(float x);
  // x = e^(x - max); the sum. x <= max, which is finite; there is no NaN.
  float (*exp)(float* x, std::size_t n, float max);
  // x = factor e^(x - max). Where x has a NaN, factor must be NaN.
  void (*scaled_exp)(float* x, std::size_t n, float max, float factor);
  void (*scale)(float* x, std::size_t n, float factor);
  void (*add)(const float* a, float* x, std::size_t n);
  float (*dot)(const float* a, const float* b, std::size_t n);
  // dx = p (dp - mean)
  void (*score_gradient)(const float* p, const float* dp, float mean, float* dx, std::size_t n);
  // dx *= 1 - (y / cap)^2, the derivative of y = cap tanh(x / cap)
  void (*softcap_gradient)(const float* y, float inverse_cap, float* dx, std::size_t n);
  // x = (bytes != 0) == keep ? x : value
  void (*mask)(const std::uint8_t* bytes, bool keep, float value, float* x, std::size_t n);
};
const RowOps& row_ops();

}  // namespace actfn::nn::attention
