// SPDX-License-Identifier: Apache-2.0
// Functions of rows, along the last axis of [N, C].
#include "onnx/function.h"

#include <cstdint>
#include <variant>
#include <vector>

namespace actfn::onnx {
namespace {

const Attribute kLastAxis = {"axis", std::int64_t{-1}};

struct Row {
  Graph& graph;
  const std::string& x;

  // Differences from the largest entry, in which no digits are lost.
  std::string operator()(const Softmax& f) const {
    return graph.add("Softmax", {distances("ReduceMax", f.temperature)}, {kLastAxis});
  }
  std::string operator()(const Softmin& f) const {
    return graph.add("Softmax", {distances("ReduceMin", -f.temperature)}, {kLastAxis});
  }
  std::string operator()(const LogSoftmax& f) const {
    return graph.add("LogSoftmax", {distances("ReduceMax", f.temperature)}, {kLastAxis});
  }
  std::string operator()(const Hardmax& /*f*/) const {
    return graph.add("Hardmax", {x}, {kLastAxis});
  }
  std::string operator()(const Sparsemax& /*f*/) const { return add_entmax(graph, 2, x); }
  std::string operator()(const Entmax& f) const {
    return f.alpha == 1 ? graph.add("Softmax", {x}, {kLastAxis}) : add_entmax(graph, f.alpha, x);
  }
  // The sink is one more entry of the sum.
  std::string operator()(const Softmax1& f) const {
    const std::string sink = graph.constant(f.sink);
    const std::string most = graph.add("Max", {graph.reduce("ReduceMax", x), sink});
    const std::string e = graph.add("Exp", {graph.add("Sub", {x, most})});
    const std::string e_sink = graph.add("Exp", {graph.add("Sub", {sink, most})});
    const std::string sum = graph.add("Add", {graph.reduce("ReduceSum", e), e_sink});
    return graph.add("Div", {e, sum});
  }
  std::string operator()(const Logsumexp& /*f*/) const {
    return graph.reduce("ReduceLogSumExp", x);
  }
  std::string operator()(const Logmeanexp& /*f*/) const {
    const std::string most = graph.reduce("ReduceMax", x);
    const std::string e = graph.add("Exp", {graph.add("Sub", {x, most})});
    return graph.add("Add", {most, graph.add("Log", {graph.reduce("ReduceMean", e)})});
  }

 private:
  std::string distances(const char* extreme, double temperature) const {
    std::string d = graph.add("Sub", {x, graph.reduce(extreme, x)});
    if (temperature == 1) return d;
    return graph.add("Div", {d, graph.constant(temperature)});
  }
};

}  // namespace

std::string add_row(Graph& graph, const RowActivation& f, const std::string& x) {
  return std::visit(Row{graph, x}, f);
}

std::string add_row(Graph& graph, const RowReduction& f, const std::string& x) {
  return std::visit(Row{graph, x}, f);
}

}  // namespace actfn::onnx
