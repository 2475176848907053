// What functions and their gradients are: the judge where PyTorch and we differ. Elementwise ones
// are computed with 500 bits.
#pragma once

#include "conformance/pytorch/compare.h"

namespace actfn::conformance {

// Our result is the exact one within what the library promises; x is finite.
bool is_exact(const Difference& d);

// Our result is the limit at the infinity of x's sign.
bool is_limit(const Difference& d);

// Our gradient of prelu's gradients is that of what backward computes.
bool is_exact_prelu(const Difference& d);

// Our result of a gate is that of the definition, in float64.
bool is_exact_gate(const Difference& d);

}  // namespace actfn::conformance
