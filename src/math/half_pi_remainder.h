// SPDX-License-Identifier: Apache-2.0
// The remainder of large numbers by pi/2, in integers (Payne and Hanek 1983).
#pragma once

namespace actfn::math {

// x = (quarter + 4 k) pi/2 + rest + rest_lo for a whole number k; |rest| <= pi/4.
struct HalfPiRemainder {
  double quarter;  // 0 … 4
  double rest, rest_lo;
};

// For x = (hi + lo) 2^lift. Relative error of the rest: below 2^-60. Range: finite |hi| >= 1, |lo|
// <= ulp(hi), lift from 0 to 200. ±inf and NaN: the rest is NaN.
HalfPiRemainder remainder_by_half_pi(double hi, double lo, int lift);

}  // namespace actfn::math
