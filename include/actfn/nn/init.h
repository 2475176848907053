// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace actfn::nn {

/// How the weights of Linear layers begin; their biases begin at 0. Weights are drawn with the
/// variance
///   glorot  2 / (fan_in + fan_out)   Glorot & Bengio 2010
///   he      2 / fan_in               He et al. 2015, arXiv:1502.01852
///   lecun   1 / fan_in               LeCun et al. 1998; for selu
/// for fan_in inputs and fan_out outputs, from the uniform distribution on ±sqrt(3 variance) or
/// from a normal distribution that is not truncated.
enum class Init {
  glorot_uniform,
  glorot_normal,
  he_uniform,
  he_normal,
  lecun_uniform,
  lecun_normal
};

/// Reads an initialiser by name. Throws Error for any other word; it lists the names and proposes
/// the nearest: "[init] must be glorot_uniform, … or lecun_normal, got 'he'".
///
///     actfn::nn::Init init = actfn::nn::parse_init("he_normal");
///     std::cout << actfn::nn::to_string(init) << '\n';  // he_normal
Init parse_init(std::string_view name);
/// The name of an initialiser: "he_normal".
std::string_view to_string(Init init);

}  // namespace actfn::nn
