// SPDX-License-Identifier: Apache-2.0
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include "conformance/onnx/node_tests.h"

namespace actfn::conformance {
namespace {

void swiglu(const Node& node, const std::vector<Value>& in, Value& out) {
  const Value& a = in.at(0);
  const Value& b = in.at(1);
  forward(Swiglu{node.number("alpha", 1)}, a.elements.tensor(a.shape), b.elements.tensor(b.shape),
          out.elements.tensor(out.shape));
}

// ONNX lets both constants be chosen: elu(alpha) gamma, a gate with the same number for all.
void selu(const Node& node, const std::vector<Value>& in, Value& out) {
  const Value& x = in.at(0);
  if (node.numbers.empty()) {
    forward(Selu{}, x.elements.array(), out.elements.array());
    return;
  }
  Buffer gamma(x.elements.type(), x.elements.size());
  for (std::size_t i = 0; i < gamma.size(); ++i) gamma.set(i, node.numbers.at("gamma"));
  forward(Gated{Elu{node.numbers.at("alpha")}}, x.elements.tensor(x.shape), gamma.tensor(x.shape),
          out.elements.tensor(out.shape));
}

TEST(OnnxNodeTests, Gates) { expect_agreement({{"Selu", selu}, {"SwiGLU", swiglu}}, 6); }

}  // namespace
}  // namespace actfn::conformance
