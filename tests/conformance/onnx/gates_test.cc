// SPDX-License-Identifier: Apache-2.0
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include "conformance/onnx/node_tests.h"

namespace actfn::conformance {
namespace {

bool swiglu(const Node& node, const std::vector<Value>& in, Value& out) {
  const Value& a = in.at(0);
  const Value& b = in.at(1);
  forward(Swiglu{node.number("alpha", 1)}, a.elements.tensor(a.shape), b.elements.tensor(b.shape),
          out.elements.tensor(out.shape));
  return true;
}

bool selu(const Node& node, const std::vector<Value>& in, Value& out) {
  if (!node.numbers.empty()) return false;
  forward(Selu{}, in.at(0).elements.array(), out.elements.array());
  return true;
}

// ONNX lets both constants be chosen: elu(alpha) gamma, a gate with the same number for all.
bool selu_by_gate(const Node& node, const std::vector<Value>& in, Value& out) {
  if (node.numbers.empty()) return false;
  const Value& x = in.at(0);
  Buffer gamma(x.elements.type(), x.elements.size());
  for (std::size_t i = 0; i < gamma.size(); ++i) gamma.set(i, node.numbers.at("gamma"));
  forward(Gated{Elu{node.numbers.at("alpha")}}, x.elements.tensor(x.shape), gamma.tensor(x.shape),
          out.elements.tensor(out.shape));
  return true;
}

TEST(OnnxNodeTests, Gates) {
  expect_agreement(
      {{"Selu", "selu", selu}, {"Selu", "gated", selu_by_gate}, {"SwiGLU", "swiglu", swiglu}});
}

}  // namespace
}  // namespace actfn::conformance
