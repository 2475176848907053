// SPDX-License-Identifier: Apache-2.0
#include "nn/inside.h"

#include "catalogue/float_environment.h"
#include "kernels/evaluator.h"
#include "nn/network.h"

#include <vector>

namespace actfn::nn {

std::span<const float> Inside::output(std::size_t layer) const {
  const Node& node = state_.nodes[layer];
  const auto rows = static_cast<std::size_t>(state_.rows);
  return std::span(node.output).first(rows * static_cast<std::size_t>(node.size));
}

void Inside::derivative(std::size_t layer, std::span<const float> x, std::span<float> dx) const {
  const FloatEnvironment environment;
  const Node& node = state_.nodes[layer];
  if (node.activation() != nullptr) {
    const kernels::Evaluator f(*node.activation(), Type::float32);
    return f.map(kernels::Order::derivative, x.data(), dx.data(), x.size());
  }
  const Module& module = *node.module;
  const std::span<const float> learned = Sequential::State::learned_of(state_.parameters, node);
  const Pass pass = {.rows = x.size() / module.in_size(),
                     .training = false,
                     .noise = {},
                     .learned = learned,
                     .buffers = {},
                     .scratch = {},
                     .team = state_.team.get()};
  const std::vector<float> ones(x.size(), 1.0F);
  std::vector<float> ignored(learned.size());  // gradients of what is learned
  module.backward(pass, {x.data(), nullptr, ones.data(), dx.data(), ignored});
}

}  // namespace actfn::nn
