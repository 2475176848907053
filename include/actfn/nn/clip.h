// SPDX-License-Identifier: Apache-2.0
// Gradients that are too large, made smaller between backward() and Optimizer::step().
#pragma once

#include <actfn/nn/parameter.h>

#include <span>

namespace actfn::nn {

/// Scales all gradients by one factor, so that their common norm is at most about max_norm, as
/// PyTorch's clip_grad_norm_ does:
///   norm = sqrt(sum of squares of all gradients)
///   gradient = gradient * min(1, max_norm / (norm + 1e-6))
/// Returns the norm before, computed in double; its bits depend on the gradients and their order
/// only. A max_norm of infinity changes nothing. Where the norm is infinite or NaN, gradients
/// become 0 or NaN as in PyTorch, or, with error_if_nonfinite, it throws Error and changes nothing:
/// "[clip_grad_norm] the norm of the gradients is nan". Throws Error: "[clip_grad_norm] max_norm
/// must be positive, got -1". Pascanu et al. 2013, arXiv:1211.5063.
///
///     using namespace actfn::nn;
///     Sequential network{Linear{784, 128}, actfn::Relu{}, Linear{128, 10}};
///     Optimizer optimizer(Adam{}, network);
///     const auto parameters = network.parameters();  // once, not in every step
///     std::vector<float> gradient(32 * 10);
///     cross_entropy(network.forward(images), labels, gradient);
///     network.backward(gradient);
///     const double norm = clip_grad_norm(parameters, 1);
///     optimizer.step(network);
double clip_grad_norm(std::span<const Parameter> parameters, double max_norm,
                      bool error_if_nonfinite = false);

/// Limits each gradient to [-clip_value, clip_value], as PyTorch's clip_grad_value_ does. NaN stays
/// NaN. Throws Error: "[clip_grad_value] clip_value must be positive, got 0".
///
///     std::vector<float> values(3), gradients = {0.5F, -7, 2};
///     const actfn::nn::Parameter parameter = {"bias", {3}, values, gradients};
///     actfn::nn::clip_grad_value({&parameter, 1}, 1);  // 0.5, -1, 1
void clip_grad_value(std::span<const Parameter> parameters, double clip_value);

}  // namespace actfn::nn
