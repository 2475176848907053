// SPDX-License-Identifier: Apache-2.0
// The truth about every gate: its definition (Reference in src/gated/NAME.h) in 500-bit arithmetic
// and more, differentiated automatically.
#pragma once

#include <actfn/gated.h>

#include "oracle/real.h"

namespace actfn::oracle {

// y and its derivatives by a and b.
struct GateTruth {
  Real y, a, b, aa, ab, bb;
};

// `single`: with parameters rounded to float32, as all arrays but those of float64 read them.
GateTruth gate_truth(const Gate& gate, double a, double b, bool single);

}  // namespace actfn::oracle
