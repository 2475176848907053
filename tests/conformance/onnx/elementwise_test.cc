// SPDX-License-Identifier: Apache-2.0
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include <limits>
#include <optional>

#include "conformance/onnx/node_tests.h"

namespace actfn::conformance {
namespace {

// Nothing: the function has no such attributes.
using Make = std::optional<Activation> (*)(const Node&);

Operator map(Make make) {
  return [make](const Node& node, const std::vector<Value>& in, Value& out) {
    const auto f = make(node);
    if (f) forward(*f, in.at(0).elements.array(), out.elements.array());
    return f.has_value();
  };
}

template <class F>
Operator plain() {
  return map([](const Node&) -> std::optional<Activation> { return F{}; });
}

// F has one number, the attribute alpha.
template <class F, int percent>
Operator by_alpha() {
  return map([](const Node& n) -> std::optional<Activation> {
    return F{n.number("alpha", percent / 100.0)};
  });
}

std::optional<Activation> gelu(const Node& n) {
  const bool tanh = n.words.contains("approximate") && n.words.at("approximate") == "tanh";
  return Gelu{tanh ? Gelu::Approximate::tanh : Gelu::Approximate::none};
}

std::optional<Activation> silu(const Node& n) {
  if (n.number("alpha", 1) != 1) return std::nullopt;
  return Silu{};
}

std::optional<Activation> hardshrink(const Node& n) {
  if (n.number("bias", 0) != 0) return std::nullopt;
  return Hardshrink{n.number("lambd", 0.5)};
}

std::optional<Activation> softshrink(const Node& n) {
  if (n.number("bias", 0) != n.number("lambd", 0.5)) return std::nullopt;
  return Softshrink{n.number("lambd", 0.5)};
}

// Its slopes are drawn from an interval, which here is one number.
bool rrelu(const Node& node, const std::vector<Value>& in, Value& out) {
  const double slope = node.number("alpha", 0.01);
  forward(Rrelu{slope, slope}, in.at(0).elements.array(), {.seed = 1}, out.elements.array());
  return true;
}

// Attributes and their defaults: https://onnx.ai/onnx/operators. Softplus has no threshold there;
// beyond ours it is x within 2.1e-9.
const std::vector<Computed>& elementwise() {
  static const std::vector<Computed> all = {
      {"Celu", "celu", by_alpha<Celu, 100>()},
      {"Elu", "elu", by_alpha<Elu, 100>()},
      {"Gelu", "gelu", map(gelu)},
      {"HardSigmoid", "hardsigmoid", map([](const Node& n) -> std::optional<Activation> {
         return Hardsigmoid{n.number("alpha", 0.2), n.number("beta", 0.5)};
       })},
      {"HardSwish", "hardswish", plain<Hardswish>()},
      {"LeakyRelu", "leaky_relu", by_alpha<LeakyRelu, 1>()},
      {"LeakyRelu", "rrelu", rrelu},
      {"Mish", "mish", plain<Mish>()},
      {"Relu", "relu", plain<Relu>()},
      {"Shrink", "shrink", map([](const Node& n) -> std::optional<Activation> {
         return Shrink{n.number("lambd", 0.5), n.number("bias", 0)};
       })},
      {"Shrink", "hardshrink", map(hardshrink)},
      {"Shrink", "softshrink", map(softshrink)},
      {"Sigmoid", "sigmoid", plain<Sigmoid>()},
      {"Softplus", "softplus", plain<Softplus>()},
      {"Softsign", "softsign", plain<Softsign>()},
      {"Swish", "silu", map(silu)},
      {"Swish", "swish", by_alpha<Swish, 100>()},
      {"Tanh", "tanh", plain<Tanh>()},
      {"ThresholdedRelu", "threshold", map([](const Node& n) -> std::optional<Activation> {
         return Threshold{n.number("alpha", 1), 0};
       })},
      {"ThresholdedRelu", "thresholded_relu", by_alpha<ThresholdedRelu, 100>()},
  };
  return all;
}

TEST(OnnxNodeTests, Elementwise) { expect_agreement(elementwise()); }

// Clip has its bounds as inputs, which may be missing. Where they are in the wrong order, all
// results are the upper one; hardtanh refuses them.
bool hardtanh(const Node& node, const std::vector<Value>& in, Value& out) {
  constexpr double kMost = std::numeric_limits<float>::max();
  Hardtanh f{-kMost, kMost};
  std::size_t file = 1;
  for (std::size_t i = 1; i < node.inputs.size(); ++i) {
    if (!node.inputs[i].empty()) (i == 1 ? f.min_val : f.max_val) = in.at(file++).elements[0];
  }
  if (f.min_val >= f.max_val) return false;
  forward(f, in.at(0).elements.array(), out.elements.array());
  return true;
}

TEST(OnnxNodeTests, Clip) {
  if (!are_there("Clip")) GTEST_SKIP() << "no node tests of Clip";
  expect_agreement({{"Clip", "hardtanh", hardtanh}});
}

}  // namespace
}  // namespace actfn::conformance
