#pragma once

#include <string_view>

namespace actfn::nn {

// How weights begin; biases begin at 0. With fan_in inputs and fan_out outputs, the variance is
//   glorot  2 / (fan_in + fan_out)   Glorot & Bengio 2010
//   he      2 / fan_in               He et al. 2015, arXiv:1502.01852
//   lecun   1 / fan_in               LeCun et al. 1998; for SELU
// drawn from a uniform distribution on ±sqrt(3 variance), or a normal one (not truncated).
enum class Init {
  glorot_uniform,
  glorot_normal,
  he_uniform,
  he_normal,
  lecun_uniform,
  lecun_normal
};

// Throws Error for any other word: it lists these, and proposes the nearest.
Init parse_init(std::string_view name);
std::string_view to_string(Init init);

}  // namespace actfn::nn
