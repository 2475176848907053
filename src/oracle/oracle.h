// SPDX-License-Identifier: Apache-2.0
// The truth about every activation: its definition (Reference in src/activations/NAME.h) in
// 500-bit arithmetic (float64: 2500), differentiated automatically.
#pragma once

#include <actfn/activation.h>

#include <vector>

namespace actfn::oracle {

// Each rounded once to float64, and what that rounding took away in units of the float64 spacing
// there: as a number of its own it could underflow.
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

// How a definition made of pieces goes at x.
struct Piece {
  std::vector<bool> way;  // the results of its comparisons: the same all over a piece
  bool flat = false;      // f'(x) is 0, not only too small for a double
  bool straight = false;  // f''(x) is 0
};
Piece piece_at(const Activation& activation, double x);

// Whether threads may ask at the same time: MPFR's own choice.
bool thread_safe();

// The activation whose float64 kernels compute what those of float32 and the 16-bit types should:
// the parameters, and the constants of a definition that they read rounded, are those that they
// see.
Activation as_float64(const Activation& activation);

// The float32 nearest to f(x), ties to even: what Accuracy::nearest promises. NaN as of truth().
float nearest(const Activation& activation, float x);

// |got - want| in units of the float32 spacing at `want`.
double ulps(float got, double want);

// |got - want| in units of the float64 spacing at `want`, which `rest`, a Truth's, adds to.
double ulps(double got, double want, double rest);

}  // namespace actfn::oracle
