// SPDX-License-Identifier: Apache-2.0
// Functions that are one operator of ONNX. Shrink and ThresholdedRelu are not among them: they make
// 0 of NaN.
#include "onnx/function.h"

#include <cmath>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace actfn::onnx {
namespace {

using Added = std::optional<std::string>;

Attribute number(std::string name, double value) {
  return {std::move(name), static_cast<float>(value)};
}

struct Native {
  Graph& graph;
  const std::string& x;

  template <class A>
  Added operator()(const A& /*f*/) const {
    return std::nullopt;
  }

  Added operator()(const Identity& /*f*/) const { return x; }
  Added operator()(const Arctan& /*f*/) const { return unary("Atan"); }
  Added operator()(const Exp& /*f*/) const { return unary("Exp"); }
  Added operator()(const Hardswish& /*f*/) const { return unary("HardSwish"); }
  Added operator()(const Relu& /*f*/) const { return unary("Relu"); }
  Added operator()(const Sigmoid& /*f*/) const { return unary("Sigmoid"); }
  Added operator()(const Softsign& /*f*/) const { return unary("Softsign"); }
  Added operator()(const Tanh& /*f*/) const { return unary("Tanh"); }
  // Without attributes, alpha and gamma are the function's constants rounded to float32.
  Added operator()(const Selu& /*f*/) const { return unary("Selu"); }

  // Runtimes compute exp(x) - 1, whose error alpha multiplies.
  Added operator()(const Celu& f) const { return exponential("Celu", f.alpha); }
  Added operator()(const Elu& f) const { return exponential("Elu", f.alpha); }
  Added operator()(const Hardsigmoid& f) const {
    return unary("HardSigmoid", {number("alpha", f.slope), number("beta", f.shift)});
  }
  Added operator()(const LeakyRelu& f) const {
    return unary("LeakyRelu", {number("alpha", f.negative_slope)});
  }

  Added operator()(const Hardtanh& f) const { return clip(f.min_val, f.max_val); }
  Added operator()(const Relu6& /*f*/) const { return clip(0, 6); }
  Added operator()(const ShiftedRelu& /*f*/) const {
    return graph.add("Max", {x, graph.constant(-1)});
  }
  // Beyond a threshold of 20, softplus is x in float32.
  Added operator()(const Softplus& f) const {
    if (f.beta != 1 || f.threshold < 20) return std::nullopt;
    return unary("Softplus");
  }

  Added operator()(const Mish& /*f*/) const { return since(18, "Mish"); }
  Added operator()(const Gelu& f) const {
    const bool exact = f.approximate == Gelu::Approximate::none;
    return since(20, "Gelu", {{"approximate", std::string(exact ? "none" : "tanh")}});
  }
  Added operator()(const Silu& /*f*/) const { return swish(1); }
  Added operator()(const QuickGelu& /*f*/) const { return swish(1.702); }
  Added operator()(const Swish& f) const { return swish(f.beta); }

 private:
  std::string unary(std::string_view op, std::vector<Attribute> attributes = {}) const {
    return graph.add(op, {x}, std::move(attributes));
  }
  Added since(int opset, std::string_view op, std::vector<Attribute> attributes = {}) const {
    if (graph.opset() < opset) return std::nullopt;
    return unary(op, std::move(attributes));
  }
  Added exponential(std::string_view op, double alpha) const {
    constexpr double kMost = 16;
    if (!(std::abs(alpha) <= kMost)) return std::nullopt;
    return unary(op, {number("alpha", alpha)});
  }
  Added swish(double beta) const { return since(24, "Swish", {number("alpha", beta)}); }
  std::string clip(double least, double most) const {
    return graph.add("Clip", {x, graph.constant(least), graph.constant(most)});
  }
};

}  // namespace

std::optional<std::string> add_native(Graph& graph, const Activation& f, const std::string& x) {
  return std::visit(Native{graph, x}, f);
}

}  // namespace actfn::onnx
