// SPDX-License-Identifier: Apache-2.0
// Tensors: what their constructors refuse.
#include <actfn/error.h>
#include <actfn/tensor.h>

#include "messages.h"

#include <gtest/gtest.h>
#include <vector>

namespace actfn {
namespace {

using testing::message;

TEST(Tensor, CountsItsElements) {
  std::vector<float> x(12);
  const Tensor t(x, {3, 4});
  EXPECT_EQ(t.size(), 12U);
  EXPECT_EQ(t.strides(), (Strides{4, 1}));
  EXPECT_EQ(t.type(), Type::float32);
  EXPECT_EQ(ConstTensor(x).shape(), Shape{12});
  EXPECT_EQ(ConstTensor(x.data(), Shape{}).size(), 1U);
}

TEST(Tensor, RefusesShapesThatDoNotFit) {
  std::vector<double> x(10);
  EXPECT_EQ(message([&] {
              ConstTensor(x, {3, 4});
            }),
            "[tensor] shape 3x4 has 12 elements, the array has 10");
  EXPECT_EQ(message([&] {
              ConstTensor(x.data(), {3, 4}, {1});
            }),
            "[tensor] shape has 2 dimensions, strides has 1");
  EXPECT_EQ(message([] { (void)Shape{1, 1, 1, 1, 1, 1, 1, 1, 1}; }),
            "[tensor] 9 dimensions, at most 8 are possible");
}

}  // namespace
}  // namespace actfn
