// SPDX-License-Identifier: Apache-2.0
// Functions whose parameters are learned: PReLU, which has a slope for each channel, and the
// gradients with respect to the parameters of elementwise activations.
//
// All functions:
// - They throw Error before they write anything.
// - Sums over elements are taken in double and in a fixed order: their bits do not depend on
//   threads, strides or instruction set.
// Do not apply weight decay to these parameters: it pulls a slope to 0, which turns prelu into
// relu.
#pragma once

#include <actfn/activation.h>
#include <actfn/list_ref.h>
#include <actfn/tensor.h>
#include <actfn/threads.h>

#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace actfn {

/// prelu() as a layer of nn::Sequential that owns its slopes: x > 0 ? x : w x, w learned. He et al.
/// 2015, arXiv:1502.01852.
struct Prelu {
  int num_parameters = 1;  ///< the number of slopes: 1, or the number of channels
  double init = 0.25;      ///< the first value of all slopes
  bool operator==(const Prelu&) const = default;
};

/// An elementwise activation as a layer of nn::Sequential that learns all parameters which
/// learnable_parameters() names, from the values that they have here.
struct Learnable {
  constexpr explicit Learnable(const Activation& f = Swish{}) : activation(f) {}
  Activation activation;
  bool operator==(const Learnable&) const = default;
};

/// THE list: any learned function.
///
///     actfn::LearnedActivation f = actfn::Prelu{.num_parameters = 64};
///     f = actfn::Learnable(actfn::Elu{});
using LearnedActivation = std::variant<Prelu, Learnable>;

/// Reads a learned function from text, as parse() in activation.h does, with the same errors.
LearnedActivation parse_learned_activation(std::string_view spec);
/// The inverse: the name, and in parentheses the parameters that differ from their defaults.
std::string to_string(const LearnedActivation& f);
/// Throws Error where a parameter is out of range: "[prelu] num_parameters must be a whole number
/// from 1 to 2^24, got 0".
void validate(const LearnedActivation& f);

/// y = x > 0 ? x : w x, where w is weight[0], or weight[c] for channel c. Channels are along axis 1
/// of x; a tensor with fewer than two dimensions has one channel. He et al. 2015, arXiv:1502.01852.
///
/// weight has x's type; He et al. begin with 0.25. y may be exactly x; otherwise it must not
/// overlap x, and it must never overlap weight. A NaN in x gives NaN, a NaN in weight where x <= 0.
/// A slope of 0 gives 0 at x = -inf, the limit. Throws Error where the number of weights is neither
/// 1 nor that of the channels:
/// "[prelu] weight has 3 elements, x has 4 channels".
///
///     actfn::prelu({x, {2, 4, 3}}, weight, {y, {2, 4, 3}});  // 4 channels, 4 slopes
///     actfn::prelu_backward({x, {2, 4, 3}}, weight, {dy, {2, 4, 3}}, {dx, {2, 4, 3}}, dweight);
void prelu(const ConstTensor& x, const ConstTensor& weight, const Tensor& y, Threads threads = {});

/// dx = dy f'(x), where f'(0) is w, and dweight = the sum of x dy over the elements with x <= 0, of
/// each channel if weight has one slope for each, rounded once.
///
/// dweight has weight's size and is overwritten, not added to. dx may be x or dy; dweight may be
/// weight. A NaN in x makes its channel's dweight NaN, as does one in dy where x <= 0; dy is not
/// read for dweight where x > 0.
void prelu_backward(const ConstTensor& x, const ConstTensor& weight, const ConstTensor& dy,
                    const Tensor& dx, const Tensor& dweight, Threads threads = {});

/// The gradients of prelu_backward() itself. Given v and v_weight, the gradients of a loss with
/// respect to dx and dweight:
///   for_dy     = x > 0 ? v : v w + v_weight x
///   for_x      = x > 0 ? 0 : v_weight dy
///   for_weight = the sum of v dy over the elements with x <= 0
/// for_dy and for_x may each be x, dy or v, but must not overlap each other; for_weight may be
/// weight or v_weight.
///
///     std::vector<float> v_weight(4), for_weight(4);
///     actfn::prelu_double_backward({x, {6, 4}}, weight, {dy, {6, 4}}, {v, {6, 4}}, v_weight,
///                                  {for_dy, {6, 4}}, {for_x, {6, 4}}, for_weight);
void prelu_double_backward(const ConstTensor& x, const ConstTensor& weight, const ConstTensor& dy,
                           const ConstTensor& v, const ConstTensor& v_weight, const Tensor& for_dy,
                           const Tensor& for_x, const Tensor& for_weight, Threads threads = {});

/// The names of f's parameters that can be learned, in the order of the gradients below. It is
/// empty for functions that have none.
///   leaky_relu, penalized_tanh      negative_slope
///   elu, celu, snake, dynamic_tanh  alpha
///   snake_beta                      alpha, beta
///   derf                            alpha, shift
///   swish                           beta
///   star_relu                       scale, bias
///   rational                        its ten coefficients
///   xielu                           alpha_p, alpha_n, beta
/// xielu's are the factors in its formula; published models store numbers whose softplus gives
/// them. A gradient step may leave the range that validate() allows: celu's alpha and snake_beta's
/// beta must stay positive.
///
///     actfn::Swish f = {.beta = 1};
///     double dbeta = 0;
///     actfn::parameter_gradient(f, x, dy, {&dbeta, 1});
///     f.beta -= 0.01 * dbeta;
std::span<const std::string_view> learnable_parameters(const GradientRef<Activation>& f);

/// gradient[k] = sum_i dy[i] df/dp_k(x[i]) for f's k-th learnable parameter; it is overwritten. x
/// and dy have one type and shape. A NaN in x or dy makes every sum NaN. df/dp_k has the precision
/// of x's type: it is what parameter_derivative() gives, for 16 bits before they are rounded.
/// Throws Error for a function without such parameters, "[relu] it has no parameter that can be
/// learned", and where gradient has another size than learnable_parameters(f).
void parameter_gradient(const GradientRef<Activation>& f, const ConstTensor& x,
                        const ConstTensor& dy, std::span<double> gradient, Threads threads = {});

/// dydp[i] = df/dp_k(x[i]) for f's k-th learnable parameter, k from 0. dydp may be x. NaN gives
/// NaN; ±inf gives the limit, NaN where there is none (snake, snake_beta). Throws Error where f has
/// no k-th learnable parameter.
///
///     actfn::parameter_derivative(actfn::Derf{}, 1, x, dydx);  // with respect to shift
void parameter_derivative(const GradientRef<Activation>& f, std::size_t k, const ConstTensor& x,
                          const Tensor& dydp, Threads threads = {});

}  // namespace actfn
