// SPDX-License-Identifier: Apache-2.0
// The gradients of functions of rows from their outputs, in long double.
#pragma once

#include <actfn/rows.h>

#include "oracle/rows.h"

namespace actfn::oracle {

// A gradient, and what the sizes of its terms add up to: they may cancel. `slack` is what half a
// spacing of a subnormal e^y changes, else 0.
struct RowGradient {
  Row value, size, slack;
};

struct RowGradients {
  RowGradient dx;     // of backward(): J^T dy
  RowGradient for_x;  // of double_backward(): the gradient of <v, dx> by x
};

// y is an output of f, as rounded; dy and v have its length. Empty rows for functions without a
// Jacobian.
RowGradients row_gradients(const RowActivation& f, const Row& y, const Row& dy, const Row& v);

}  // namespace actfn::oracle
