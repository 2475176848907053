// What an elementwise function and its gradients are, by arithmetic of 500 bits: the judge where
// PyTorch and we differ.
#pragma once

#include "conformance/pytorch/compare.h"

namespace actfn::conformance {

// Our result is the exact one within what the library promises; x is finite.
bool is_exact(const Difference& d);

// Our result is the limit at the infinity of x's sign.
bool is_limit(const Difference& d);

}  // namespace actfn::conformance
