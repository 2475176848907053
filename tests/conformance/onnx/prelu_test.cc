// SPDX-License-Identifier: Apache-2.0
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "conformance/onnx/node_tests.h"

namespace actfn::conformance {
namespace {

// ONNX' slope stretches by NumPy's rules, from the last dimension; ours has one element a channel.
// Slopes that lie along the last dimensions are channels of x seen as a matrix: for a slope for
// each element, one of a single row.
bool prelu_onnx(const Node&, const std::vector<Value>& in, Value& out) {
  const Buffer& x = in.at(0).elements;
  const Buffer& slope = in.at(1).elements;
  const Shape& shape = in.at(0).shape;
  const Shape& lengths = in.at(1).shape;
  for (std::size_t i = 0; i < lengths.count(); ++i) {
    const std::size_t same = shape[shape.count() - lengths.count() + i];
    EXPECT_EQ(lengths[i], same) << "a slope with holes";
  }
  const Shape matrix{x.size() / slope.size(), slope.size()};
  prelu(x.tensor(matrix), slope.array(), out.elements.tensor(matrix));
  return true;
}

TEST(OnnxNodeTests, Prelu) { expect_agreement({{"PRelu", "prelu", prelu_onnx}}); }

// With the counts of the other tests: no folder is left out.
TEST(OnnxNodeTests, AreAllHere) {
  if (node_tests().empty()) GTEST_SKIP() << "no node tests";
  // Data may be older than the tests of Attention and Clip, which count their own.
  const auto others =
      std::count_if(node_tests().begin(), node_tests().end(), [](const NodeTest& t) {
        return t.node.operation != "Attention" && t.node.operation != "Clip";
      });
  EXPECT_EQ(others, 62);
}

}  // namespace
}  // namespace actfn::conformance
