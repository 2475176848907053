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

// For 2^e <= |x| < 2^(e + 1), e from 0 to kAnglesEnd - 1: x 2/pi is x (part[e][0] + part[e][1] +
// part[e][2]) and a multiple of 4. Error: 2^-105. |x part[e][0]| < 2^55. The last part is 0.
constexpr int kAnglesEnd = 256;
struct TwoOverPi {
  alignas(32) double part[kAnglesEnd][4];
};
extern const TwoOverPi kTwoOverPiFrom;

}  // namespace actfn::math
