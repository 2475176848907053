// SPDX-License-Identifier: Apache-2.0
// Maxima and means of squares of four numbers that do not overlap, which most networks for images
// have; through Highway, on the instruction set that actfn::target() names.
#pragma once

#include <cstddef>

namespace actfn::nn {

// Two rows of 2 n numbers each, and n results.
struct Pool2x2 {
  // The first of several maxima, or the last NaN.
  void (*max)(const float* upper, const float* lower, std::size_t n, float* y);
  // The gradients go to the maxima, 0 to the others.
  void (*max_backward)(const float* upper, const float* lower, const float* dy, std::size_t n,
                       float* to_upper, float* to_lower);
  // Sums over the divisor, in double.
  void (*mean)(const float* upper, const float* lower, std::size_t n, double divisor, float* y);
  void (*mean_backward)(const float* dy, std::size_t n, double divisor, float* to_upper,
                        float* to_lower);
};
const Pool2x2& pool_2x2();

}  // namespace actfn::nn
