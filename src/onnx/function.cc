// SPDX-License-Identifier: Apache-2.0
#include "onnx/function.h"

#include <actfn/onnx.h>

#include "catalogue/float_environment.h"
#include "catalogue/lists.h"
#include "onnx/definition.h"

#include <array>
#include <cstddef>
#include <vector>

namespace actfn::onnx {
namespace {

// One overload for each list.
struct Adding {
  Graph& graph;
  const std::string& x;
  std::size_t rank;

  std::string operator()(const Activation& f) const { return add_function(graph, f, x); }
  std::string operator()(const RowActivation& f) const {
    return add_row(graph, functions::rounded_to_float32(f), x);
  }
  std::string operator()(const RowReduction& f) const { return add_row(graph, f, x); }
  std::string operator()(const Gate& f) const {
    std::vector<Attribute> attributes = {{"axis", std::int64_t{-1}}};
    if (graph.opset() >= 18) attributes.push_back({"num_outputs", std::int64_t{2}});
    const auto halves = graph.add_many("Split", {x}, attributes, 2);
    return add_definition(graph, functions::rounded_to_float32(f), halves[0], halves[1]);
  }
  std::string operator()(const RandomActivation& f) const { return (*this)(evaluated(f)); }
  std::string operator()(const RandomRow& f) const { return (*this)(evaluated(f)); }
  std::string operator()(const LearnedActivation& f) const { return std::visit(*this, f); }
  std::string operator()(const GroupedActivation& f) const { return std::visit(*this, f); }

  std::string operator()(const Learnable& f) const { return (*this)(f.activation); }
  std::string operator()(const Prelu& f) const {
    const std::vector<float> slopes(static_cast<std::size_t>(f.num_parameters),
                                    static_cast<float>(f.init));
    const std::array shape = {std::int64_t{f.num_parameters}};
    return graph.add("PRelu", {x, graph.weights("weight", shape, slopes)});
  }
  std::string operator()(const Crelu& /*f*/) const {
    const std::string negative = graph.add("Relu", {graph.add("Neg", {x})});
    return graph.add("Concat", {graph.add("Relu", {x}), negative}, {{"axis", std::int64_t{-1}}});
  }
  std::string operator()(const Maxout& f) const {
    std::vector<std::int64_t> shape(rank - 1, 0);  // 0: as it is
    shape.insert(shape.end(), {-1, f.group});
    const std::string groups = graph.add("Reshape", {x, graph.wholes(shape)});
    return graph.reduce("ReduceMax", groups, false);
  }
};

// "C" where y has x's length along the last axis.
Dimension features_of(const Function& f) {
  const auto [x, y] = functions::lengths_of(f);
  if (x == 0) return std::int64_t{1};
  return std::string(x == y ? "C" : "D");
}

}  // namespace

std::string add_function(Graph& graph, const Function& f, const std::string& x, std::size_t rank) {
  return std::visit(Adding{graph, x, rank}, f);
}

std::string add_function(Graph& graph, const Activation& f, const std::string& x) {
  const Activation rounded = functions::rounded_to_float32(f);
  if (auto native = add_native(graph, rounded, x)) return *native;
  return add_definition(graph, rounded, x);
}

std::string model(const Function& f, const Options& options) {
  const FloatEnvironment environment;
  Graph graph(std::string(info(f).name), to_string(f), options.opset);
  validate(f);
  const std::string y = add_function(graph, f, "x", 2);
  const std::array<Dimension, 2> in = {"N", "C"};
  const std::array<Dimension, 2> out = {"N", features_of(f)};
  return graph.model(y, in, out);
}

}  // namespace actfn::onnx
