// SPDX-License-Identifier: Apache-2.0
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include "conformance/onnx/node_tests.h"

namespace actfn::conformance {
namespace {

template <class F>
Operator along_axis() {
  return [](const Node& node, const std::vector<Value>& in, Value& out) {
    const Value& x = in.at(0);
    const int axis = static_cast<int>(node.number("axis", -1));
    forward(F{}, x.elements.tensor(x.shape), axis, out.elements.tensor(out.shape));
  };
}

TEST(OnnxNodeTests, Rows) {
  expect_agreement({{"Hardmax", along_axis<Hardmax>()},
                    {"LogSoftmax", along_axis<LogSoftmax>()},
                    {"Softmax", along_axis<Softmax>()}},
                   21);
}

}  // namespace
}  // namespace actfn::conformance
