// SPDX-License-Identifier: Apache-2.0
// How far results lie from the truth, in units of the spacing of their type: the inner loop of an
// accuracy run, for every instruction set.
#pragma once

#include <cstddef>

namespace actfn::lab {

// What a type's numbers look like. The spacing at the truth is that of its binade; below the
// smallest normal and above the largest finite number, that of the last binade.
struct Format {
  int digits;        // of the significand behind the point
  int min_exponent;  // of the smallest normal number
  int max_exponent;  // of the largest finite number
};
inline constexpr Format kFloat32 = {23, -126, 127};
inline constexpr Format kFloat64 = {52, -1022, 1023};
inline constexpr Format kBfloat16 = {7, -126, 127};
inline constexpr Format kFloat16 = {10, -14, 15};

struct ErrorSum {
  double sum = 0;
  double max = 0;
};

// ulps[i] = |got[i] - want[i]| in units of the spacing at want[i]. Overflow counts as the next
// power of two; NaN is right where the truth is NaN, and infinitely wrong elsewhere. Not for
// float64, whose truth no double holds. The bits do not depend on the instruction set.
ErrorSum errors(const Format& format, const float* got, const double* want, std::size_t n,
                double* ulps);

// How many of y[1], …, y[n - 1] are below the one before them.
std::size_t count_falls(const float* y, std::size_t n);

}  // namespace actfn::lab
