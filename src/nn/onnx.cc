// SPDX-License-Identifier: Apache-2.0
#include <actfn/nn/onnx.h>

#include "catalogue/float_environment.h"
#include "nn/onnx_layers.h"
#include "nn/state_dict.h"
#include "onnx/graph.h"

#include <cstdint>
#include <string>
#include <vector>

namespace actfn::nn {
namespace {

std::vector<onnx::Dimension> batch_of(const Shape& sample) {
  std::vector<onnx::Dimension> all = {"N"};
  for (const std::size_t n : sample) all.emplace_back(static_cast<std::int64_t>(n));
  return all;
}

}  // namespace

std::string to_onnx(Sequential& network, const onnx::Options& options) {
  const FloatEnvironment environment;
  const std::vector<Layer> layers = network.layers();
  onnx::Graph graph("sequential", to_string(layers), options.opset);
  const std::vector<Parameter> parameters = state_of(network);
  Shape shape = network.in_shape();
  const std::string y = add_layers({graph, parameters}, layers, "", shape, "x");
  return graph.model(y, batch_of(network.in_shape()), batch_of(network.out_shape()));
}

}  // namespace actfn::nn
