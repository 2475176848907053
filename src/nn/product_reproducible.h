// SPDX-License-Identifier: Apache-2.0
// Matrix products that have the same bits on every instruction set; through Highway, on the one
// that actfn::target() names.
#pragma once

#include "nn/product.h"

namespace actfn::nn {

// product(), but each element of c is ((0 + a0 b0) + a1 b1) + …, in this order and with every
// product and every sum rounded to float32. A NaN may be any NaN.
void reproducible_product(int m, int n, int k, Matrix a, Matrix b, float* c, int c_stride);
// add_product(), but each element of c is ((c + a0 b0) + a1 b1) + …, in the same way.
void add_reproducible_product(int m, int n, int k, Matrix a, Matrix b, float* c, int c_stride);

// Products of one kind.
struct ProductKind {
  decltype(&product) multiply = product;
  decltype(&add_product) add = add_product;
};
inline constexpr ProductKind kReproducible = {reproducible_product, add_reproducible_product};

}  // namespace actfn::nn
