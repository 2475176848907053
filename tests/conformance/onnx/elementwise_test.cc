// SPDX-License-Identifier: Apache-2.0
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include "conformance/onnx/node_tests.h"

namespace actfn::conformance {
namespace {

using Make = Activation (*)(const Node&);

Operator map(Make make) {
  return [make](const Node& node, const std::vector<Value>& in, Value& out) {
    forward(make(node), in.at(0).elements.array(), out.elements.array());
  };
}

template <class F>
Operator plain() {
  return map([](const Node&) -> Activation { return F{}; });
}

// Attributes and their defaults: https://onnx.ai/onnx/operators. Softplus has no threshold there;
// beyond ours it is x within 2.1e-9.
const Operators& elementwise() {
  static const Operators operators = {
      {"Celu", map([](const Node& n) -> Activation { return Celu{n.number("alpha", 1)}; })},
      {"Elu", map([](const Node& n) -> Activation { return Elu{n.number("alpha", 1)}; })},
      {"Gelu", map([](const Node& n) -> Activation {
         return Gelu{n.words.contains("approximate") && n.words.at("approximate") == "tanh"
                         ? Gelu::Approximate::tanh
                         : Gelu::Approximate::none};
       })},
      {"HardSigmoid", map([](const Node& n) -> Activation {
         return Hardsigmoid{n.number("alpha", 0.2), n.number("beta", 0.5)};
       })},
      {"HardSwish", plain<Hardswish>()},
      {"LeakyRelu",
       map([](const Node& n) -> Activation { return LeakyRelu{n.number("alpha", 0.01)}; })},
      {"Mish", plain<Mish>()},
      {"Relu", plain<Relu>()},
      {"Shrink", map([](const Node& n) -> Activation {
         return Shrink{n.number("lambd", 0.5), n.number("bias", 0)};
       })},
      {"Sigmoid", plain<Sigmoid>()},
      {"Softplus", plain<Softplus>()},
      {"Softsign", plain<Softsign>()},
      {"Swish", map([](const Node& n) -> Activation { return Swish{n.number("alpha", 1)}; })},
      {"Tanh", plain<Tanh>()},
      {"ThresholdedRelu",
       map([](const Node& n) -> Activation { return ThresholdedRelu{n.number("alpha", 1)}; })},
  };
  return operators;
}

TEST(OnnxNodeTests, Elementwise) { expect_agreement(elementwise(), 33); }

}  // namespace
}  // namespace actfn::conformance
