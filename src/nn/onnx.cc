// SPDX-License-Identifier: Apache-2.0
#include <actfn/nn/onnx.h>

#include "catalogue/error.h"
#include "catalogue/float_environment.h"
#include "nn/learned_parameters.h"
#include "nn/state_dict.h"
#include "onnx/function.h"
#include "onnx/graph.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace actfn::nn {
namespace {

// A layer's operators: one overload for each kind of layer. Gives the name of the result.
struct LayerOperators {
  onnx::Graph& graph;
  std::size_t index;                      // of the layer
  std::span<const Parameter> parameters;  // of the whole network
  const std::string& x;

  std::string operator()(const Linear& /*linear*/) const {
    return graph.add("Gemm", {x, weights("weight"), weights("bias")},
                     {{"transB", std::int64_t{1}}});
  }
  std::string operator()(const Function& f) const {
    const auto* const learned = std::get_if<LearnedActivation>(&f);
    if (learned == nullptr) return onnx::add_function(graph, f, x);
    return std::visit(*this, *learned);
  }
  std::string operator()(const Prelu& /*f*/) const {
    const Parameter& p = parameter("weight");
    return onnx::add_prelu(graph, p.name, p.values, x);
  }
  std::string operator()(const Learnable& f) const {
    const Parameter& p = parameter("values");
    if (!std::ranges::all_of(p.values, [](float v) { return std::isfinite(v); })) {
      fail("onnx", {"layer ", index, ", ", actfn::to_string(Function(LearnedActivation(f))),
                    ", has a parameter that is not finite"});
    }
    return onnx::add_function(graph, LearnedParameters(f.activation).with(p.values), x);
  }

 private:
  const Parameter& parameter(std::string_view name) const {
    const std::string full = std::to_string(index) + "." + std::string(name);
    return *std::ranges::find(parameters, full, &Parameter::name);
  }
  std::string weights(std::string_view name) const {
    const Parameter& p = parameter(name);
    std::vector<std::int64_t> shape;
    for (const std::size_t n : p.shape) shape.push_back(static_cast<std::int64_t>(n));
    return graph.weights(p.name, shape, stored(p));
  }
};

}  // namespace

std::string to_onnx(Sequential& network, const onnx::Options& options) {
  const FloatEnvironment environment;
  const std::vector<Layer> layers = network.layers();
  onnx::Graph graph("sequential", to_string(layers), options.opset);
  const std::vector<Parameter> parameters = named_parameters(network);
  std::string y = "x";
  for (std::size_t i = 0; i < layers.size(); ++i) {
    y = std::visit(LayerOperators{graph, i, parameters, y}, layers[i]);
  }
  const std::array<onnx::Dimension, 2> in = {"N", std::int64_t{network.in_features()}};
  const std::array<onnx::Dimension, 2> out = {"N", std::int64_t{network.out_features()}};
  return graph.model(y, in, out);
}

}  // namespace actfn::nn
