// SPDX-License-Identifier: Apache-2.0
// Maxima of squares of four numbers that do not overlap, which most networks for images have;
// through Highway, on the instruction set that actfn::target() names.
#pragma once

#include <cstddef>

namespace actfn::nn {

// Two rows of 2 n numbers each, and n maxima: the first of several, or the last NaN.
struct MaxPool2x2 {
  void (*forward)(const float* upper, const float* lower, std::size_t n, float* y);
  // The gradients go to the maxima, 0 to the others.
  void (*backward)(const float* upper, const float* lower, const float* dy, std::size_t n,
                   float* to_upper, float* to_lower);
};
const MaxPool2x2& max_pool_2x2();

}  // namespace actfn::nn
