// SPDX-License-Identifier: Apache-2.0
// Elementwise activations of tensors: y[i] = f(x[i]), its derivatives and its gradients. Tensors
// have up to 8 dimensions, any strides, and elements of float, double, bfloat16 or float16: see
// tensor.h.
//
// All functions:
// - The tensors of a call must have one type and one shape. An output may be exactly the same view
//   as an input (in place); otherwise it must not overlap an input.
// - They throw Error before they write anything, for
//     a parameter        "[elu] alpha must be finite, got nan"
//     types and shapes   "[gelu] y is float64, x is float32", "[gelu] y has 3 elements, x has 4"
//     overlap            "[gelu] y overlaps x: they must be the same or separate"
//     threads            "[gelu] threads must not be negative, got -1"
//     the build          "[gelu] this build has no float64: ACTFN_TYPES leaves it out",
//                        "[target] this build needs AVX2, which this CPU lacks"
// - NaN gives the canonical NaN (actfn.h). ±inf gives the exact limit, NaN where there is none.
// - The bits of an element depend only on its own inputs: not on length, alignment, position,
//   strides, number of threads or instruction set.
// - float32 has three accuracies: pass {Gelu{}, Accuracy::fast} in place of Gelu{} (accuracy.h).
//   Results of 16 bits are within 0.51 ulp; they need not be the float32 result rounded.
//   docs/accuracy.md has measured errors.
#pragma once

#include <actfn/activation.h>
#include <actfn/list_ref.h>
#include <actfn/tensor.h>
#include <actfn/threads.h>

#include <cstdint>
#include <span>

namespace actfn {

/// f(x) and f′(x) of one number, with the bits of forward() and derivative(). For arrays these two
/// are faster, and for many small arrays the prepared functions of prepared.h.
///
///     const float y = actfn::evaluate(actfn::Gelu{}, 0.5F);
///     const double slope = actfn::evaluate_derivative(actfn::Gelu{}, 0.5);
float evaluate(const ListRef<Activation>& f, float x);
double evaluate(const ListRef<Activation>& f, double x);
float evaluate_derivative(const GradientRef<Activation>& f, float x);
double evaluate_derivative(const GradientRef<Activation>& f, double x);

/// y[i] = f(x[i]). y may be x.
///
///     actfn::forward(actfn::Gelu{}, x, y);
///     actfn::forward(actfn::Elu{.alpha = 0.5}, x, x);        // in place
///     actfn::forward(actfn::parse("mish"), x, y, {.count = 4});  // up to 4 threads
void forward(const ListRef<Activation>& f, const ConstTensor& x, const Tensor& y,
             Threads threads = {});

/// dydx[i] = f′(x[i]). At a kink it is the value that PyTorch uses; info(f).derivative states it.
///
///     actfn::derivative(actfn::Gelu{}, x, dydx);
///     actfn::second_derivative(actfn::Gelu{}, x, d2ydx2);
///     actfn::forward_with_derivative(actfn::Gelu{}, x, y, dydx);  // both in one pass
void derivative(const GradientRef<Activation>& f, const ConstTensor& x, const Tensor& dydx,
                Threads threads = {});

/// d2ydx2[i] = f″(x[i]). Where f″ jumps, the value is that of the piece of info(f).derivative that
/// contains x: 0 for hardswish at 3 and for sparse_plus at 1. If the derivative is not given in
/// pieces, it is the limit from the left. Exceptions: 0 for softsign, the mean of both limits for
/// celu.
void second_derivative(const GradientRef<Activation>& f, const ConstTensor& x, const Tensor& d2ydx2,
                       Threads threads = {});

/// y[i] = f(x[i]) and dydx[i] = f′(x[i]) in one pass over memory. The bits are those of forward()
/// and derivative(). One of y and dydx may be x; y and dydx must not overlap.
void forward_with_derivative(const GradientRef<Activation>& f, const ConstTensor& x,
                             const Tensor& y, const Tensor& dydx, Threads threads = {});

/// dx[i] = dy[i] f′(x[i]), where x is the input of forward(). dx may be x or dy.
///
///     actfn::forward(actfn::Silu{}, x, y);
///     actfn::backward(actfn::Silu{}, x, dy, dx);
void backward(const GradientRef<Activation>& f, const ConstTensor& x, const ConstTensor& dy,
              const Tensor& dx, Threads threads = {});

/// The same from y, the output of forward(): dx[i] = dy[i] f′(f⁻¹(y[i])). Training need not keep x.
/// info(f).from_output says what this costs in precision. dx may be y or dy.
/// Throws Error where y does not determine f′:
///   "[gelu] the derivative can't be had from the output", "[elu] alpha must not be negative"
///
///     actfn::forward(actfn::Tanh{}, x, x);                   // x now holds the output
///     actfn::backward_from_output(actfn::Tanh{}, x, dy, dx);
void backward_from_output(const GradientRef<Activation>& f, const ConstTensor& y,
                          const ConstTensor& dy, const Tensor& dx, Threads threads = {});

/// y[i] = f(x[i]), and one bit for each element that is enough for backward_from_mask(). For
/// functions whose derivative takes exactly two values: relu, leaky_relu, relu6, hardtanh,
/// hardshrink and others.
///
/// `mask` has ceil(size / 8) bytes. Bit i % 8 of byte i / 8 is set where x[i] is on the active
/// side, whose slope is 1 for relu and leaky_relu. The bit of a NaN is 0. Tensors must be
/// contiguous.
/// Throws Error for other functions: "[gelu] the derivative takes other than two values"; and for a
/// mask of the wrong size: "[relu] mask has 2 bytes, 3 are needed for x's 24 elements".
///
///     std::vector<std::uint8_t> mask(3);                     // for the 24 elements of x
///     actfn::forward_with_mask(actfn::Relu{}, x, y, mask);
///     actfn::backward_from_mask(actfn::Relu{}, mask, dy, dx);
void forward_with_mask(const GradientRef<Activation>& f, const ConstTensor& x, const Tensor& y,
                       std::span<std::uint8_t> mask);
/// dx[i] = dy[i] f′(x[i]), with f′(x[i]) from the mask of forward_with_mask(). dx may be dy.
void backward_from_mask(const GradientRef<Activation>& f, std::span<const std::uint8_t> mask,
                        const ConstTensor& dy, const Tensor& dx);

/// The gradients of backward() itself, for automatic differentiation of the second order. Given v,
/// the gradient of a loss with respect to dx:
///   for_dy[i] = v[i] f′(x[i])          the gradient with respect to dy
///   for_x[i]  = v[i] dy[i] f″(x[i])    the gradient with respect to x
/// for_dy and for_x may each be one of the inputs; they must not overlap each other.
///
///     actfn::double_backward(actfn::Silu{}, x, dy, v, for_dy, for_x);
void double_backward(const GradientRef<Activation>& f, const ConstTensor& x, const ConstTensor& dy,
                     const ConstTensor& v, const Tensor& for_dy, const Tensor& for_x,
                     Threads threads = {});

/// Bias and activation of a matrix product in one pass: z[r][c] += bias[c]; y[r][c] = f(z[r][c]).
/// The last dimension of z and y has bias.size() elements; or they are contiguous, of one
/// dimension, with a multiple of bias.size() elements. y may be z. bias must be contiguous, of z's
/// type, and apart from z and y. Throws Error where the sizes do not fit: "[relu] z has 10
/// elements, which are no whole rows of 4".
///
///     actfn::bias_forward(actfn::Relu{}, bias, z, z);        // 24 elements: 6 rows of 4
void bias_forward(const ListRef<Activation>& f, const ConstTensor& bias, const Tensor& z,
                  const Tensor& y, Threads threads = {});

}  // namespace actfn
