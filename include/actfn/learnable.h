// Activations whose parameters are learned: PReLU, which has a slope a channel, and the gradients
// of the parameters that activations of the list have.
//
// Sums over elements are taken in double, in a fixed order: their bits do not depend on threads,
// strides or instruction set. Everything is validated first: on Error nothing has been written.
#pragma once

#include <actfn/activation.h>
#include <actfn/array.h>
#include <actfn/tensor.h>
#include <actfn/threads.h>

#include <span>

namespace actfn {

// y = x > 0 ? x : w x, where w is weight[0], or weight[c] for channel c: the axis 1 of x; a tensor
// with fewer than two dimensions has one channel. He et al. 2015, arXiv:1502.01852.
// Throws Error where the number of weights is neither 1 nor that of the channels:
// "[prelu] weight has 3 elements, x has 4 channels". weight has x's type.
void prelu(const ConstTensor& x, const ConstArray& weight, const Tensor& y, Threads threads = {});

// dx = dy f'(x), where f'(0) is w, and dweight = the sum of x dy over x <= 0 (of a channel).
// dweight has the size of weight and is overwritten.
void prelu_backward(const ConstTensor& x, const ConstArray& weight, const ConstTensor& dy,
                    const Tensor& dx, const Array& dweight, Threads threads = {});

// The gradients of backward() given v and v_weight, those of something by dx and dweight.
void prelu_double_backward(const ConstTensor& x, const ConstArray& weight, const ConstTensor& dy,
                           const ConstTensor& v, const ConstArray& v_weight, const Tensor& for_dy,
                           const Tensor& for_x, const Array& for_weight, Threads threads = {});

// Names of the parameters that can be learned, in the order of the gradients below; empty where an
// activation has none. leaky_relu: negative_slope; elu, celu: alpha; swish: beta; snake: alpha;
// xielu: alpha_p, alpha_n, beta.
std::span<const std::string_view> learnable_parameters(const Activation& f);

// gradient[k] = the sum over i of dy[i] df/dp_k(x[i]), for f's k-th learnable parameter. Error
// where f has none, or gradient has another size.
void parameter_gradient(const Activation& f, const ConstArray& x, const ConstArray& dy,
                        std::span<double> gradient, Threads threads = {});

// dydp[i] = df/dp_k(x[i]), for the k-th learnable parameter.
void parameter_derivative(const Activation& f, std::size_t k, const ConstArray& x,
                          const Array& dydp, Threads threads = {});

}  // namespace actfn
