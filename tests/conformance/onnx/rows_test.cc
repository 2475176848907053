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
    return true;
  };
}

// x [C, H, W] or [N, C, H, W], along C.
bool softmax_of_channels(const Node& node, const std::vector<Value>& in, Value& out) {
  const Value& x = in.at(0);
  const auto dimensions = static_cast<double>(x.shape.count());
  const double axis = node.number("axis", -1);
  if (dimensions < 3 || (axis < 0 ? axis : axis - dimensions) != -3) return false;
  softmax2d(x.elements.tensor(x.shape), out.elements.tensor(out.shape));
  return true;
}

TEST(OnnxNodeTests, Rows) {
  expect_agreement({{"Hardmax", "hardmax", along_axis<Hardmax>()},
                    {"LogSoftmax", "log_softmax", along_axis<LogSoftmax>()},
                    {"Softmax", "softmax", along_axis<Softmax>()},
                    {"Softmax", "softmax2d", softmax_of_channels}});
}

}  // namespace
}  // namespace actfn::conformance
