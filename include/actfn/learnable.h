// Activations whose parameters are learned: PReLU, which has a slope a channel, and the gradients
// of the parameters that activations of the list have.
//
// Sums over elements are taken in double, in a fixed order: their bits do not depend on threads,
// strides or instruction set. Everything is validated first: on Error nothing has been written.
// Weight decay belongs to none of these: it pulls a slope to 0, and prelu towards relu.
#pragma once

#include <actfn/activation.h>
#include <actfn/array.h>
#include <actfn/tensor.h>
#include <actfn/threads.h>

#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace actfn {

/// prelu() as a layer that owns its slopes: one, or one a channel. Weight decay would pull a slope
/// to 0, where prelu is relu. He et al. 2015, arXiv:1502.01852.
struct Prelu {
  int num_parameters = 1;  // 1, or the number of channels
  double init = 0.25;      // of all slopes
  bool operator==(const Prelu&) const = default;
};

/// An elementwise function whose parameters are learned, all that learnable_parameters() names,
/// from the values that it has here.
struct Learnable {
  explicit Learnable(const Activation& f = Swish{}) : activation(f) {}
  Activation activation;
  bool operator==(const Learnable&) const = default;
};

/// THE list.
using LearnedActivation = std::variant<Prelu, Learnable>;

std::string to_string(const LearnedActivation& f);
void validate(const LearnedActivation& f);

// y = x > 0 ? x : w x, where w is weight[0], or weight[c] for channel c: the axis 1 of x; a tensor
// with fewer than two dimensions has one channel. He et al. 2015, arXiv:1502.01852.
// Throws Error where the number of weights is neither 1 nor that of the channels:
// "[prelu] weight has 3 elements, x has 4 channels". weight has x's type, and any value; He et al.
// start with 0.25. y may be x (in place) but must not overlap it otherwise, and never weight.
// A NaN in x gives NaN, one in a weight where x <= 0; a slope of 0 gives 0 at -inf, the limit.
void prelu(const ConstTensor& x, const ConstArray& weight, const Tensor& y, Threads threads = {});

// dx = dy f'(x), where f'(0) is w, and dweight = the sum of x dy over x <= 0 (of a channel),
// rounded once. dweight has the size of weight and is overwritten, not added to. dx may be x or dy,
// and dweight may be weight. A NaN in x makes its channel's dweight NaN, one in dy where x <= 0;
// where x > 0 dweight does not look at dy.
void prelu_backward(const ConstTensor& x, const ConstArray& weight, const ConstTensor& dy,
                    const Tensor& dx, const Array& dweight, Threads threads = {});

// The gradients of prelu_backward() by dy, x and weight, given v and v_weight, those of something
// by dx and dweight. Where x <= 0, for_dy = v w + v_weight x and for_x = v_weight dy, elsewhere v
// and 0; for_weight = the sum of v dy over x <= 0. for_dy and for_x may each be x, dy or v, but not
// the same tensor; for_weight may be weight or v_weight.
void prelu_double_backward(const ConstTensor& x, const ConstArray& weight, const ConstTensor& dy,
                           const ConstTensor& v, const ConstArray& v_weight, const Tensor& for_dy,
                           const Tensor& for_x, const Array& for_weight, Threads threads = {});

// Names of the parameters that can be learned, in the order of the gradients below; empty where an
// activation has none. leaky_relu, penalized_tanh: negative_slope; elu, celu, snake, dynamic_tanh:
// alpha; snake_beta: alpha, beta; derf: alpha, shift; swish: beta; star_relu: scale, bias;
// rational: its ten coefficients; xielu: alpha_p, alpha_n, beta, the effective factors (models
// store what a softplus makes them of). A step may lead out of the range that validate() allows:
// the alpha of celu and the beta of snake_beta must stay positive.
std::span<const std::string_view> learnable_parameters(const Activation& f);

// gradient[k] = the sum over i of dy[i] df/dp_k(x[i]), for f's k-th learnable parameter,
// overwritten. Arrays of one type and shape. Error where f has none, or gradient has another size
// than learnable_parameters(f). A NaN in x or dy makes NaN of every sum. df/dp_k has the type's
// precision: it is what parameter_derivative() gives, of 16 bits before they are rounded.
void parameter_gradient(const Activation& f, const ConstArray& x, const ConstArray& dy,
                        std::span<double> gradient, Threads threads = {});

// dydp[i] = df/dp_k(x[i]), for the k-th learnable parameter, k from 0: Error where there is none.
// dydp may be x. NaN in gives NaN out; infinities give the limit, NaN where there is none (snake,
// snake_beta).
void parameter_derivative(const Activation& f, std::size_t k, const ConstArray& x,
                          const Array& dydp, Threads threads = {});

}  // namespace actfn
