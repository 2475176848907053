// SPDX-License-Identifier: Apache-2.0
// Sizes whose products or sums do not fit: an Error, or std::bad_alloc, before memory is touched.
#include <gtest/gtest.h>

#include <actfn/actfn.h>

#include <limits>
#include <new>
#include <vector>

#include "catalogue/size.h"
#include "messages.h"

namespace actfn {
namespace {

using testing::message;

constexpr std::size_t kHuge = std::numeric_limits<std::size_t>::max();
constexpr std::size_t kHalf = std::size_t{1} << 63U;
constexpr std::ptrdiff_t kLow = std::numeric_limits<std::ptrdiff_t>::min();

TEST(Size, StaysAtTheLargestNumber) {
  EXPECT_EQ((Size(6) * 7 + 1).value(), 43U);
  EXPECT_EQ((Size(kHalf) * 2).value(), kHuge);
  EXPECT_EQ((Size(kHalf) + kHalf).value(), kHuge);
  EXPECT_EQ((Size(3) * 6148914691236517206 + 10).value(), kHuge);
  EXPECT_LT(Size(3) * 6148914691236517204, kHuge);
}

// Shapes whose number of elements wraps to 0, to a small number, or to exactly that of the array.
TEST(Shapes, ThatWrapAreTooLarge) {
  std::vector<float> x(16), y(16);
  const Shape shapes[] = {{3, 6148914691236517206},
                          {kHalf + 8, 2},
                          {std::size_t{1} << 32U, std::size_t{1} << 32U},
                          {kHuge, kHuge},
                          {kHuge},
                          {0, kHalf, kHalf},
                          {std::size_t{1} << 22U, 0, std::size_t{1} << 20U, std::size_t{1} << 20U}};
  for (const Shape& shape : shapes) {
    const std::string text = message([&] { softmax({x, shape}, 0, {y, shape}); });
    EXPECT_TRUE(text.starts_with("[tensor] shape ")) << text;
    EXPECT_NE(text, "[tensor] shape ");
    EXPECT_EQ(message([&] { forward(Glu{}, {x, shape}, -1, y); }), text);
    EXPECT_EQ(message([&] { forward(Relu{}, {x, shape}, {y, shape}); }), text);
    EXPECT_EQ(message([&] { ConstTensor(nullptr, Type::float64, shape); }),
              "[tensor]" + text.substr(8, text.find(' ', 15) - 8) + " is too large");
    const bool no_bytes = false;
    EXPECT_TRUE(message([&] { ConstMask(&no_bytes, shape); }).starts_with("[mask] shape "));
  }
}

TEST(Strides, ThatReachTooFarAreRefused) {
  std::vector<float> x(16);
  EXPECT_EQ(message([&] {
              ConstTensor(x.data(), {3, 4}, {kLow, 1});
            }),
            "[tensor] shape 3x4 is too large for its strides");
  EXPECT_EQ(message([&] {
              ConstTensor(x.data(), {3, 4}, {std::ptrdiff_t{1} << 60, 1});
            }),
            "[tensor] shape 3x4 is too large for its strides");
  // No element is reached by these.
  const ConstTensor none(nullptr, Type::float32, {0, 4}, {kLow, 1});
  std::vector<float> nothing;
  forward(Relu{}, none, {nothing, {0, 4}});
  const ConstTensor one(x.data(), {1, 1}, {kLow, kLow});
  forward(Relu{}, one, {x.data(), {1, 1}});
}

TEST(OutputShapes, ThatWrapAreErrors) {
  EXPECT_EQ(message([] { output_shape(Crelu{}, Shape{kHalf}, 0); }),
            "[crelu] axis 0 of x is too long");
  EXPECT_EQ(message([] {
              std::vector<float> x(4);
              maxout(x, 0, kHalf, x);
            }),
            "[maxout] group must be a whole number from 1 to 2^24, got 9223372036854775808");
}

// One number in memory that is repeated 2^60 times: rows of it need more memory than there is.
TEST(BroadcastRows, OfAnyLengthAreAnErrorOrRight) {
  const double x = 1;
  const Shape shape = {std::size_t{1} << 60U};
  const ConstTensor row(&x, shape, Strides{0});
  double y = 5;
  EXPECT_THROW(softmax1_sink_backward({}, row, row, 0, Tensor(&y, Shape{1})), std::bad_alloc);
  EXPECT_THROW(logsumexp(row, 0, Tensor(&y, Shape{1})), std::bad_alloc);
  EXPECT_EQ(y, 5);
}

}  // namespace
}  // namespace actfn
