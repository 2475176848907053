// SPDX-License-Identifier: Apache-2.0
// What arrays are refused, what the error says, and that nothing has been written then.
#include <gtest/gtest.h>

#include <cmath>

#include "calls.h"
#include "instances.h"
#include "messages.h"

namespace actfn {
namespace {

using testing::Call;
using testing::message;

// What the error says; an output was written to if it ends so.
template <class T, class F>
std::string refused(std::vector<T>& output, F&& f) {
  const auto before = output;
  const std::string text = message(f);
  return text + (output == before ? "" : " AND WROTE");
}

class ArrayErrors : public ::testing::Test {
 protected:
  std::vector<float> x = std::vector<float>(8, 0.5F);
  std::vector<float> y = std::vector<float>(8, 7);
};

TEST_F(ArrayErrors, TypesMustAgree) {
  std::vector<double> wide(8, 7);
  EXPECT_EQ(refused(wide, [&] { forward(Gelu{}, x, wide); }), "[gelu] y is float64, x is float32");
  std::vector<bfloat16> dy(8);
  EXPECT_EQ(refused(y, [&] { backward(Gelu{}, x, dy, y); }), "[gelu] dy is bfloat16, x is float32");
  std::vector<float16> bias(8);
  EXPECT_EQ(refused(y, [&] { bias_forward(Gelu{}, bias, y, y); }),
            "[gelu] bias is float16, z is float32");
}

TEST_F(ArrayErrors, ShapesMustAgree) {
  y.resize(7);
  EXPECT_EQ(refused(y, [&] { forward(Gelu{}, x, y); }), "[gelu] y has 7 elements, x has 8");
  y.resize(8);
  const Rows<float> in = {x.data(), 2, 4, 4};
  const Rows<float> out = {y.data(), 4, 2, 2};
  EXPECT_EQ(refused(y, [&] { forward(Gelu{}, in, out); }), "[gelu] y has the shape 4x2, x has 2x4");
  EXPECT_EQ(refused(y, [&] { forward(Gelu{}, x, out); }),
            "[gelu] y has the shape 4x2, x has 8 elements");
}

TEST_F(ArrayErrors, OutputsMustNotOverlapInputsButBeThem) {
  const std::span<float> all(x);
  EXPECT_EQ(refused(x, [&] { forward(Gelu{}, all.first(6), all.last(6)); }),
            "[gelu] y overlaps x: they must be the same or separate");
  EXPECT_EQ(message([&] { forward(Gelu{}, all.first(4), all.last(4)); }), "no error");
  const Rows<float> even = {x.data(), 1, 4, 8, 2};
  const Rows<float> shifted = {x.data() + 2, 1, 3, 8, 2};
  const Rows<float> of_three = {x.data(), 1, 3, 8, 2};
  EXPECT_EQ(refused(x, [&] { forward(Gelu{}, of_three, shifted); }),
            "[gelu] y overlaps x: they must be the same or separate");
  EXPECT_EQ(refused(x, [&] { forward(Gelu{}, all.first(4), even); }),
            "[gelu] y overlaps x: they must be the same or separate");
  EXPECT_EQ(refused(x, [&] { backward(Gelu{}, std::span(y).first(6), all.first(6), all.last(6)); }),
            "[gelu] dx overlaps dy: they must be the same or separate");
}

TEST_F(ArrayErrors, ReversedIsNotTheSameArray) {
  const Rows<float> reversed = {x.data() + 7, 1, 8, 8, -1};
  EXPECT_EQ(refused(x, [&] { forward(Gelu{}, x, reversed); }),
            "[gelu] y overlaps x: they must be the same or separate");
  const Rows<float> square = {x.data(), 2, 2, 2, 1};
  const Rows<float> transposed = {x.data(), 2, 2, 1, 2};
  EXPECT_EQ(refused(x, [&] { forward(Gelu{}, square, transposed); }),
            "[gelu] y overlaps x: they must be the same or separate");
}

TEST_F(ArrayErrors, OutputsMustNotFoldOntoThemselves) {
  for (const auto& [row, column] : {std::pair{2, 1}, {0, 1}, {4, 0}, {1, 1}, {3, 3}}) {
    const Rows<float> folded = {y.data(), 2, 4, row, column};
    EXPECT_EQ(refused(y,
                      [&] {
                        forward(Gelu{}, Rows<float>{x.data(), 2, 4, 4}, folded);
                      }),
              "[gelu] y has two elements at one address")
        << row << ", " << column;
  }
}

TEST_F(ArrayErrors, TwoOutputsMustBeApart) {
  EXPECT_EQ(refused(y, [&] { forward_with_derivative(Gelu{}, x, y, y); }),
            "[gelu] dydx overlaps y: they must be separate");
  EXPECT_EQ(refused(y, [&] { double_backward(Gelu{}, x, x, x, y, y); }),
            "[gelu] for_x overlaps for_dy: they must be separate");
}

TEST_F(ArrayErrors, BiasMustFitAndStandApart) {
  const std::vector<float> bias(3);
  EXPECT_EQ(refused(y, [&] { bias_forward(Gelu{}, bias, y, y); }),
            "[gelu] z has 8 elements, which are no whole rows of 3");
  const Rows<float> z = {y.data(), 2, 4, 4};
  EXPECT_EQ(refused(y, [&] { bias_forward(Gelu{}, bias, z, z); }),
            "[gelu] z has the shape 2x4, which are no whole rows of 3");
  EXPECT_EQ(refused(y, [&] { bias_forward(Gelu{}, std::span(y).first(4), y, y); }),
            "[gelu] z overlaps bias: they must be separate");
  EXPECT_EQ(refused(y,
                    [&] {
                      bias_forward(Gelu{}, Rows<float>{x.data(), 1, 4, 8, 2}, z, z);
                    }),
            "[gelu] bias must be contiguous");
  EXPECT_EQ(refused(y, [&] { bias_forward(Gelu{}, std::span(x).first(0), y, y); }),
            "[gelu] z has 8 elements, which are no whole rows of 0");
}

TEST_F(ArrayErrors, ThreadsMustNotBeNegative) {
  for (const Call& call : testing::calls(Elu{})) {
    std::vector<float> z(8, 7);
    const std::vector<ConstTensor> in(call.inputs, x);
    const std::vector<Tensor> out = {y, z};
    EXPECT_EQ(refused(y, [&] { call.run(Elu{}, in, out, Threads{-1}); }),
              "[elu] threads must not be negative, got -1")
        << call.name;
  }
  EXPECT_EQ(refused(y, [&] { bias_forward(Elu{}, x, y, y, Threads{-2}); }),
            "[elu] threads must not be negative, got -2");
}

TEST_F(ArrayErrors, ParametersAreValidatedFirst) {
  const Elu broken = {.alpha = NAN};
  std::vector<float> short_y(3);
  for (const Call& call : testing::calls(Elu{})) {
    const std::vector<ConstTensor> in(call.inputs, x);
    const std::vector<Tensor> out(2, short_y);
    EXPECT_EQ(refused(short_y, [&] { call.run(broken, in, out, {}); }),
              "[elu] alpha must be finite, got nan")
        << call.name;
  }
}

TEST_F(ArrayErrors, NotEveryDerivativeCanBeHadFromTheOutput) {
  const auto call = [&](const Activation& f) {
    return refused(y, [&] { backward_from_output(f, x, x, y); });
  };
  EXPECT_EQ(call(Gelu{}), "[gelu] the derivative can't be had from the output");
  EXPECT_EQ(call(Elu{.alpha = -1}), "[elu] alpha must not be negative");
  EXPECT_EQ(call(LeakyRelu{.negative_slope = -1}),
            "[leaky_relu] negative_slope must not be negative");
}

TEST_F(ArrayErrors, MasksAreForTwoSlopesAndFitTheArray) {
  std::vector<std::uint8_t> mask(1);
  EXPECT_EQ(refused(y, [&] { forward_with_mask(Gelu{}, x, y, mask); }),
            "[gelu] the derivative takes other than two values");
  EXPECT_EQ(refused(y, [&] { backward_from_mask(Gelu{}, mask, x, y); }),
            "[gelu] the derivative takes other than two values");
  mask.resize(2);
  EXPECT_EQ(refused(y, [&] { forward_with_mask(Relu{}, x, y, mask); }),
            "[relu] mask has 2 bytes, 1 are needed for x's 8 elements");
  EXPECT_EQ(refused(y, [&] { backward_from_mask(Relu{}, mask, x, y); }),
            "[relu] mask has 2 bytes, 1 are needed for dy's 8 elements");
  EXPECT_EQ(mask, std::vector<std::uint8_t>(2));
  mask.resize(1);
  const Rows<float> strided = {y.data(), 1, 4, 8, 2};
  const std::span<float> four(x.data(), 4);
  EXPECT_EQ(refused(y, [&] { forward_with_mask(Relu{}, four, strided, mask); }),
            "[relu] y must be contiguous");
  EXPECT_EQ(refused(y, [&] { backward_from_mask(Relu{}, mask, strided, four); }),
            "[relu] dy must be contiguous");
}

}  // namespace
}  // namespace actfn
