// SPDX-License-Identifier: Apache-2.0
// Correctly rounded float32 values (Accuracy::nearest): what is decided in double-double,
// one element after the other.
#pragma once

#include "kernels/entry.h"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace actfn::kernels {

// The exact result rounded to float32, from y, which is that rounded to the nearest double, and the
// side of y where it lies: above (1), below (-1), or at it (0). y is rounded to odd first, so that
// the second rounding sees no false tie.
inline float rounded_once(double y, int side) {
  if (side == 0 || y == 0 || !std::isfinite(y)) return static_cast<float>(y);
  const bool towards_zero = (y > 0) == (side < 0);
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(y) - (towards_zero ? 1U : 0U);
  return static_cast<float>(std::bit_cast<double>(bits | 1U));
}

// An input for which double-double rounds to the wrong side, and the right result.
struct Exception {
  float x, y;
};

// How one function decides what its formulas in doubles or double-double cannot.
struct Deciding {
  Map of_doubles;  // the function's values in float64
  // Where f(x) is nearer to a double than float64 shows: whether it lies above (1), below (-1) or
  // at it (0). Null: never.
  int (*side)(const void* f, double x) = nullptr;
  std::span<const Exception> exceptions;        // for the parameters' defaults
  bool (*is_default)(const void* f) = nullptr;  // whether f has these
};

// y[i] = f(x[i]).
void nearest_by_pairs(const Deciding& by, const void* f, const float* x, float* y, std::size_t n);

// The same where y[i], as it is, and below[i] round to different float32: the bounds of a result.
void decide(const Deciding& by, const void* f, const double* x, const double* below, double* y,
            std::size_t n);

}  // namespace actfn::kernels
