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

// d2ydx2[i] = f″(x[i]); where f″ jumps: that of the piece to the left, 0 for softsign, the mean of
// both sides for celu.
void second_derivative(const Activation& f, std::span<const float> x, std::span<float> d2ydx2);

// y[i] = f(x[i]) and dydx[i] = f′(x[i]) in one pass, with the bits of forward and derivative. One
// of y and dydx may be x, but not the other.
void forward_with_derivative(const Activation& f, std::span<const float> x, std::span<float> y,
                             std::span<float> dydx);

// dx[i] = dy[i]·f′(x[i]); x is the input of forward. dx may be x or dy.
void backward(const Activation& f, std::span<const float> x, std::span<const float> dy,
              std::span<float> dx);

// The gradients of backward() itself, which automatic differentiation asks for twice: given v, the
// gradient of something by dx, for_dy[i] = v[i]·f′(x[i]) and for_x[i] = v[i]·dy[i]·f″(x[i]).
// for_dy and for_x may each be one of the inputs, but not the same array.
void double_backward(const Activation& f, std::span<const float> x, std::span<const float> dy,
                     std::span<const float> v, std::span<float> for_dy, std::span<float> for_x);

// Bias and activation in one pass over rows, as they stand behind a matrix product:
// z[r][c] += bias[c]; y[r][c] = f(z[r][c]). z and y have shape [rows, bias.size()]; y may be z.
void bias_forward(const Activation& f, std::span<const float> bias, std::span<float> z,
                  std::span<float> y);

}  // namespace actfn
