// SPDX-License-Identifier: Apache-2.0
// Our results for a case, family by family.
#pragma once

#include <actfn/activation.h>

#include "conformance/pytorch/compare.h"

namespace actfn::conformance {

// Fills the outputs that are in `out`.
void run_elementwise(const Case& c, Results& out);
void run_gates(const Case& c, Results& out);
void run_grouped(const Case& c, Results& out);
void run_rows(const Case& c, Results& out);
void run_random(const Case& c, Results& out);
void run_parameters(const Case& c, Results& out);
void run_prelu(const Case& c, Results& out);

// Of any activation.
void run_activation(const Activation& f, const Case& c, Results& out);

// Makes the outputs, lets the family fill them, and throws std::runtime_error where it is unknown
// or something between the elements was written.
Results run(const Case& c);

}  // namespace actfn::conformance
