// The truth about every activation: its definition (Reference in src/activations/NAME.h) in
// 500-bit arithmetic, differentiated automatically. Parameters count as the float32 they are.
#pragma once

#include <actfn/activation.h>

namespace actfn::oracle {

// Each rounded once to float64.
struct Truth {
  double value = 0;
  double first = 0;
  double second = 0;
};

// NaN where e^x, or whatever the definition needs, leaves MPFR's range.
Truth truth(const Activation& activation, float x);

// |got - want| in units of the float32 spacing at `want`.
double ulps(float got, double want);

}  // namespace actfn::oracle
