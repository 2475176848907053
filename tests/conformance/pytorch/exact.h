// SPDX-License-Identifier: Apache-2.0
// What functions and their gradients are: the judge where PyTorch and we differ. Elementwise ones
// are computed with 500 bits.
#pragma once

#include "conformance/pytorch/compare.h"

namespace actfn::conformance {

// Our result is the exact one within what the library promises; x is finite.
bool is_exact(const Difference& d);

// Our result is the limit at the infinity of x's sign.
bool is_limit(const Difference& d);

// Our gradient of prelu's gradients is that of what backward computes, or our y the limit.
bool is_exact_prelu(const Difference& d);

// Our result of a gate is that of the definition, in float64.
bool is_exact_gate(const Difference& d);

// An input of a gate with limits is at its limit.
bool is_at_limit(const Difference& d);

// Our result of a function of rows is that of the definition, in float64; gradients from our y.
bool is_exact_row(const Difference& d);

// No entry of the row takes part.
bool is_empty_row(const Difference& d);

// Our gradient by swish's beta is x^2 sigmoid'(beta x).
bool is_exact_beta(const Difference& d);

}  // namespace actfn::conformance
