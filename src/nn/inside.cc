// SPDX-License-Identifier: Apache-2.0
#include "nn/inside.h"

#include "catalogue/float_environment.h"
#include "kernels/evaluator.h"
#include "nn/network.h"

#include <vector>

namespace actfn::nn {

// Of a layer with a module.
Inner Inside::find(const Path& layer) const {
  const Node& node = state_.nodes[layer[0]];
  Inner at = {node.module.get(), state_.pass_of(layer[0]), node.output.data()};
  for (std::size_t i = 1; i < layer.size(); ++i) {
    at = at.module->inner(at.pass, layer[i]);
  }
  return at;
}

std::span<const float> Inside::output(const Path& layer) const {
  const auto rows = static_cast<std::size_t>(state_.rows);
  if (layer.size() == 1) {
    const Node& node = state_.nodes[layer[0]];
    return std::span(node.output).first(rows * static_cast<std::size_t>(node.size));
  }
  const Inner at = find(layer);
  return {at.output, rows * at.module->out_size()};
}

void Inside::derivative(const Path& layer, std::span<const float> x, std::span<float> dx) const {
  const FloatEnvironment environment;
  const Node& node = state_.nodes[layer[0]];
  if (node.activation() != nullptr) {
    const kernels::Evaluator f(*node.activation(), Type::float32);
    return f.map(kernels::Order::derivative, x.data(), dx.data(), x.size());
  }
  Inner at = find(layer);
  at.pass.rows = x.size() / at.module->in_size();
  at.pass.training = false;
  const std::vector<float> ones(x.size(), 1.0F);
  std::vector<float> ignored(at.pass.learned.size());  // gradients of what is learned
  at.module->backward(at.pass, {x.data(), nullptr, ones.data(), dx.data(), ignored});
}

}  // namespace actfn::nn
