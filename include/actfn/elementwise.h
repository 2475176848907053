// Elementwise activations over arrays: contiguous ones or strided rows, of float, double, bfloat16
// or float16.
//
// All functions: arrays must have the same type and shape; an output may be the very same array as
// an input (in place) but must not overlap it otherwise. Parameters are validated first. On Error
// nothing has been written. NaN in gives NaN out, in every function; ±inf gives the exact limit.
// The bits of an element depend on that element alone: not on length, alignment, position, strides,
// number of threads or instruction set.
//
// Results of 16 bits are those of float32, rounded once. Errors measured: docs/accuracy.md.
#pragma once

#include <actfn/activation.h>
#include <actfn/array.h>
#include <actfn/threads.h>

#include <cstdint>
#include <span>

namespace actfn {

// y[i] = f(x[i]).
void forward(const Activation& f, const ConstArray& x, const Array& y, Threads threads = {});

// dydx[i] = f′(x[i]). At a kink: PyTorch's choice (catalogue.h prints each formula).
void derivative(const Activation& f, const ConstArray& x, const Array& dydx, Threads threads = {});

// d2ydx2[i] = f″(x[i]); where f″ jumps: that of the piece to the left, 0 for softsign, the mean of
// both sides for celu.
void second_derivative(const Activation& f, const ConstArray& x, const Array& d2ydx2,
                       Threads threads = {});

// y[i] = f(x[i]) and dydx[i] = f′(x[i]) in one pass over memory, with the bits of forward and
// derivative. One of y and dydx may be x, but not the other.
void forward_with_derivative(const Activation& f, const ConstArray& x, const Array& y,
                             const Array& dydx, Threads threads = {});

// dx[i] = dy[i]·f′(x[i]); x is the input of forward. dx may be x or dy.
void backward(const Activation& f, const ConstArray& x, const ConstArray& dy, const Array& dx,
              Threads threads = {});

// The same from y, the output of forward, which then is all that training has to keep:
// dx[i] = dy[i]·f′(f⁻¹(y[i])). ActivationInfo::from_output says what that costs in precision. Error
// where the output does not tell: gelu, silu, …; elu with a negative alpha.
void backward_from_output(const Activation& f, const ConstArray& y, const ConstArray& dy,
                          const Array& dx, Threads threads = {});

// The same from one bit an element, for the activations whose derivative takes two values only
// (relu, leaky_relu, relu6, hardtanh, hardshrink, …; Error for the others). `mask` has
// ⌈size / 8⌉ bytes: bit i % 8 of byte i / 8 is set where x[i] is on the active side, with the slope
// that is 1 for relu and leaky_relu. A bit can't be NaN: where x was, it is 0. Contiguous arrays
// alone.
void forward_with_mask(const Activation& f, const ConstArray& x, const Array& y,
                       std::span<std::uint8_t> mask);
void backward_from_mask(const Activation& f, std::span<const std::uint8_t> mask,
                        const ConstArray& dy, const Array& dx);

// The gradients of backward() itself, which automatic differentiation asks for twice: given v, the
// gradient of something by dx, for_dy[i] = v[i]·f′(x[i]) and for_x[i] = v[i]·dy[i]·f″(x[i]).
// for_dy and for_x may each be one of the inputs, but not the same array.
void double_backward(const Activation& f, const ConstArray& x, const ConstArray& dy,
                     const ConstArray& v, const Array& for_dy, const Array& for_x,
                     Threads threads = {});

// Bias and activation in one pass over rows, as they stand behind a matrix product:
// z[r][c] += bias[c]; y[r][c] = f(z[r][c]). z and y have shape [rows, bias.size()], or are
// contiguous with a multiple of bias.size() elements; y may be z; bias is contiguous.
void bias_forward(const Activation& f, const ConstArray& bias, const Array& z, const Array& y,
                  Threads threads = {});

}  // namespace actfn
