// SPDX-License-Identifier: Apache-2.0
// The remainder of large numbers by pi/2, in integers (Payne and Hanek 1983).
#pragma once

#include <cstddef>

namespace actfn::math {

// x = (quarter + 4 k) pi/2 + rest + rest_lo for a whole number k; |rest| <= pi/4.
struct HalfPiRemainder {
  double quarter;  // 0 … 4
  double rest, rest_lo;
};

// For x = (hi + lo) 2^lift. Relative error of the rest: below 2^-60. Range: finite |hi| >= 1, |lo|
// <= ulp(hi), lift from 0 to 200. ±inf and NaN: the rest is NaN.
HalfPiRemainder remainder_by_half_pi(double hi, double lo, int lift);

// For float32's results, where |z| for z = factor x is at least `least`, which is 1 or more:
// z = n pi/2 + r, n as 1.5 2^23 and that modulo 4, r as a sum of two. Relative error of r: below
// 2^-47. Other elements, and those that are not finite, stay as they are. Range: |z| < 2^190.
struct ShortRemainders {
  float *quarters, *rest, *rest_lo;
};
void remainders_by_half_pi(const float* x, double factor, double least, std::size_t n,
                           const ShortRemainders& all);

}  // namespace actfn::math
