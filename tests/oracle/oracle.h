// The truth about every activation: its definition (Reference in src/activations/NAME.h) in 500
// bits or more, differentiated automatically.
#pragma once

#include <actfn/activation.h>

namespace actfn::oracle {

// Each rounded once to float64, and what that rounding took away.
struct Truth {
  double value = 0;
  double first = 0;
  double second = 0;
  double value_rest = 0;
  double first_rest = 0;
  double second_rest = 0;
};

// NaN where e^x, or whatever the definition needs, leaves MPFR's range.
Truth truth(const Activation& activation, float x);  // parameters rounded to float32
Truth truth(const Activation& activation, double x);

// |got - want| in units of the float32 spacing at `want`.
double ulps(float got, double want);

// |got - (want + rest)| in units of the float64 spacing at `want`.
double ulps(double got, double want, double rest);

}  // namespace actfn::oracle
