// SPDX-License-Identifier: Apache-2.0
// What the sums are made of whose terms may cancel to nothing, at any order.
#pragma once

#include <actfn/activation.h>

namespace actfn::lab {

// The size of the terms of f (order 0) or of a derivative at x, which errors are small parts of: of
// rational, xielu and snake_beta, whose parameters decide where they cancel. Elsewhere 0.
double size_of_terms(const Activation& f, int order, double x);

}  // namespace actfn::lab
