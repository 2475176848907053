// Neither length, nor position, nor being in place changes a bit, nothing outside is touched, and
// every instruction set that runs here gives the same bits.
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include <bit>
#include <cstdint>

#include "inputs.h"
#include "instances.h"
#include "kernels/evaluator.h"

namespace actfn {
namespace {

constexpr float kGuard = 12345.0F;
constexpr std::size_t kLongest = 67;
constexpr std::size_t kOffsets = 17;

std::vector<std::uint32_t> bits(std::span<const float> x) {
  std::vector<std::uint32_t> out;
  for (const float v : x) out.push_back(std::bit_cast<std::uint32_t>(v));
  return out;
}

std::vector<float> inputs() {
  auto x = testing::sample(200, 3);
  x.push_back(std::numeric_limits<float>::quiet_NaN());
  x.push_back(std::numeric_limits<float>::infinity());
  x.push_back(-std::numeric_limits<float>::infinity());
  return x;
}

std::vector<float> one_by_one(const Activation& f, std::span<const float> x) {
  std::vector<float> y(x.size());
  for (std::size_t i = 0; i < x.size(); ++i)
    forward(f, x.subspan(i, 1), std::span(y).subspan(i, 1));
  return y;
}

class Layout : public ::testing::TestWithParam<Activation> {};

TEST_P(Layout, EveryLengthAndOffsetGivesTheSameBits) {
  const auto x = inputs();
  const auto want = bits(one_by_one(GetParam(), x));
  for (std::size_t n = 0; n <= kLongest; ++n) {
    for (std::size_t offset = 0; offset < kOffsets; ++offset) {
      const std::size_t from = (n * 7 + offset) % (x.size() - kLongest);
      std::vector<float> y(n + offset + 1, kGuard);
      forward(GetParam(), std::span(x).subspan(from, n), std::span(y).subspan(offset, n));
      const auto got = bits(std::span(y).subspan(offset, n));
      ASSERT_TRUE(std::equal(got.begin(), got.end(), want.begin() + static_cast<long>(from)))
          << "n = " << n << ", offset = " << offset;
      ASSERT_EQ(y.back(), kGuard);
      ASSERT_EQ(offset == 0 ? kGuard : y[offset - 1], kGuard);
    }
  }
}

TEST_P(Layout, InPlaceGivesTheSameBits) {
  const auto x = inputs();
  std::vector<float> y(x.size());
  auto z = x;
  forward(GetParam(), x, y);
  forward(GetParam(), z, z);
  EXPECT_EQ(bits(y), bits(z));
  derivative(GetParam(), x, y);
  z = x;
  derivative(GetParam(), z, z);
  EXPECT_EQ(bits(y), bits(z));
  second_derivative(GetParam(), x, y);
  z = x;
  second_derivative(GetParam(), z, z);
  EXPECT_EQ(bits(y), bits(z));
}

TEST_P(Layout, OnePassGivesTheBitsOfTwo) {
  const auto x = inputs();
  std::vector<float> y(x.size());
  std::vector<float> slope(x.size());
  forward(GetParam(), x, y);
  derivative(GetParam(), x, slope);
  std::vector<float> both_slope(x.size());
  auto both = x;
  forward_with_derivative(GetParam(), both, both, both_slope);
  EXPECT_EQ(bits(both), bits(y));
  EXPECT_EQ(bits(both_slope), bits(slope));
}

TEST_P(Layout, DoubleBackwardIsItsFormula) {
  const auto x = inputs();
  std::vector<float> dy(x.size());
  std::vector<float> v(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    dy[i] = static_cast<float>(i % 5) - 1.5F;
    v[i] = static_cast<float>(i % 7) - 2.5F;
  }
  std::vector<float> for_dy(x.size());
  std::vector<float> for_x(x.size());
  derivative(GetParam(), x, for_dy);
  second_derivative(GetParam(), x, for_x);
  for (std::size_t i = 0; i < x.size(); ++i) {
    for_dy[i] *= v[i];
    for_x[i] *= v[i] * dy[i];
  }
  std::vector<float> got(x.size());
  double_backward(GetParam(), x, dy, v, got, dy);
  EXPECT_EQ(bits(got), bits(for_dy));
  EXPECT_EQ(bits(dy), bits(for_x));
}

TEST_P(Layout, BackwardIsTheProductWithTheDerivative) {
  const auto x = inputs();
  std::vector<float> dy(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) dy[i] = static_cast<float>(i % 5) - 1.5F;
  std::vector<float> want(x.size());
  derivative(GetParam(), x, want);
  for (std::size_t i = 0; i < x.size(); ++i) want[i] *= dy[i];
  std::vector<float> dx(x.size());
  backward(GetParam(), x, dy, dx);
  EXPECT_EQ(bits(dx), bits(want));
  backward(GetParam(), x, dy, dy);
  EXPECT_EQ(bits(dy), bits(want));
}

TEST_P(Layout, BiasForwardIsSumThenValue) {
  const auto x = inputs();
  const std::size_t columns = 19;
  const std::size_t rows = x.size() / columns;
  std::vector<float> z(x.begin(), x.begin() + static_cast<long>(rows * columns));
  const std::vector<float> bias(x.rbegin(), x.rbegin() + columns);
  std::vector<float> sum = z;
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += bias[i % columns];
  std::vector<float> want(z.size());
  forward(GetParam(), sum, want);
  std::vector<float> y(z.size());
  bias_forward(GetParam(), bias, z, y);
  EXPECT_EQ(bits(z), bits(sum));
  EXPECT_EQ(bits(y), bits(want));
}

TEST_P(Layout, EveryInstructionSetGivesTheSameBits) {
  const auto x = inputs();
  const Activation f = GetParam();
  std::vector<float> want(x.size());
  std::vector<float> slope(x.size());
  std::vector<float> bend(x.size());
  forward(f, x, want);
  derivative(f, x, slope);
  second_derivative(f, x, bend);
  for (const auto name : targets()) {
    const auto* const at =
        std::find(std::begin(kernels::kTargetNames), std::end(kernels::kTargetNames), name);
    const kernels::Evaluator k(
        f, static_cast<kernels::Target>(at - std::begin(kernels::kTargetNames)));
    std::vector<float> y(x.size());
    k.map(kernels::Order::value, x.data(), y.data(), x.size());
    EXPECT_EQ(bits(y), bits(want)) << name;
    k.map(kernels::Order::derivative, x.data(), y.data(), x.size());
    EXPECT_EQ(bits(y), bits(slope)) << name;
    k.map(kernels::Order::second_derivative, x.data(), y.data(), x.size());
    EXPECT_EQ(bits(y), bits(bend)) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(All, Layout, ::testing::ValuesIn(testing::instances(true)),
                         [](const auto& test) { return testing::test_name(test.param); });

TEST(Arrays, WrongLengthsAndOverlapsAreErrors) {
  std::vector<float> x(8);
  std::vector<float> y(7);
  EXPECT_THROW(forward(Relu{}, x, y), Error);
  EXPECT_THROW(forward(Relu{}, std::span(x).first(6), std::span(x).last(6)), Error);
  EXPECT_THROW(backward(Relu{}, x, y, x), Error);
  EXPECT_THROW(forward_with_derivative(Relu{}, x, x, x), Error);
  EXPECT_THROW(double_backward(Relu{}, x, x, x, x, x), Error);
  EXPECT_THROW(bias_forward(Relu{}, std::span(y).first(3), x, x), Error);
  EXPECT_NO_THROW(forward(Relu{}, std::span(x).first(4), std::span(x).last(4)));
  try {
    forward(Gelu{}, x, y);
    FAIL();
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(), "[gelu] y has 7 elements, x has 8");
  }
}

}  // namespace
}  // namespace actfn
