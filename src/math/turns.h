// The remainder of large numbers by pi/2, in integers (Payne and Hanek's method).
#pragma once

namespace actfn::math {

// x = (quarter + 4 k) pi/2 + rest + rest_lo for some whole k; |rest| <= pi/4.
struct Turn {
  double quarter;  // -2 … 2
  double rest, rest_lo;
};

// Of hi + lo, with |hi| >= 1 and |lo| <= ulp(hi); NaN for what is not finite. Relative error of the
// rest below 2^-60.
Turn turn(double hi, double lo);

}  // namespace actfn::math
