// Elementwise activations over contiguous float32 arrays.
//
// All functions: spans must have equal lengths; an output may be the very same array as an input
// (in place) but must not overlap it otherwise. Parameters are validated first. On Error nothing
// has been written. NaN in gives NaN out, in every function; ±inf gives the exact limit.
// The bits of an element depend on that element alone: not on length, alignment or position.
#pragma once

#include <actfn/activation.h>

#include <span>

namespace actfn {

// y[i] = f(x[i]).
void forward(const Activation& f, std::span<const float> x, std::span<float> y);

// dydx[i] = f′(x[i]). At a kink: PyTorch's choice (catalogue.h prints each formula).
void derivative(const Activation& f, std::span<const float> x, std::span<float> dydx);

// dx[i] = dy[i]·f′(x[i]); x is the input of forward. dx may be x or dy.
void backward(const Activation& f, std::span<const float> x, std::span<const float> dy,
              std::span<float> dx);

// Bias and activation in one pass over rows, as they stand behind a matrix product:
// z[r][c] += bias[c]; y[r][c] = f(z[r][c]). z and y have shape [rows, bias.size()]; y may be z.
void bias_forward(const Activation& f, std::span<const float> bias, std::span<float> z,
                  std::span<float> y);

}  // namespace actfn
