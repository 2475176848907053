// Infinities, NaN, zeros and huge numbers, for every activation of the list.
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "inputs.h"
#include "instances.h"
#include "oracle/oracle.h"

namespace actfn {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();

// Far out, where every activation is flat or a line; nearer where e^(x^3) leaves MPFR's range.
oracle::Truth far_out(const Activation& f, float sign) {
  const auto truth = oracle::truth(f, sign * 1e15F);
  return std::isfinite(truth.first) ? truth : oracle::truth(f, sign * 1e4F);
}

constexpr double kFlat = 1e-20;
constexpr double kNearZero = 1e-12;
constexpr double kSteep = 1e10;  // not a line: the slope itself goes to infinity

// sin(x) and what contains it go on for ever without a limit.
bool oscillates(const Activation& f) {
  float slope = 0;
  const float x = kInf;
  derivative(f, {&x, 1}, {&slope, 1});
  return std::isnan(slope) && (std::holds_alternative<Sine>(f) || std::holds_alternative<Snake>(f));
}

class Specials : public ::testing::TestWithParam<Activation> {
 protected:
  float value(float x) const {
    float y = 0;
    forward(GetParam(), {&x, 1}, {&y, 1});
    return y;
  }
  float bend(float x) const {
    float y = 0;
    second_derivative(GetParam(), {&x, 1}, {&y, 1});
    return y;
  }
  float slope(float x) const {
    float y = 0;
    derivative(GetParam(), {&x, 1}, {&y, 1});
    return y;
  }
};

TEST_P(Specials, NanInNanOut) {
  for (const auto bits : {0x7FC00000U, 0xFFC00000U, 0x7FC12345U}) {
    const auto nan = std::bit_cast<float>(bits);
    EXPECT_TRUE(std::isnan(value(nan)));
    EXPECT_TRUE(std::isnan(slope(nan)));
    EXPECT_TRUE(std::isnan(bend(nan)));
  }
}

TEST_P(Specials, InfinityGivesTheLimit) {
  if (oscillates(GetParam())) GTEST_SKIP() << "no limit: see Oscillating";
  for (const float sign : {1.0F, -1.0F}) {
    const auto truth = far_out(GetParam(), sign);
    const bool flat = std::abs(truth.first) < kFlat;
    const bool steep = std::abs(truth.first) > kSteep;
    const float huge = std::copysign(kInf, static_cast<float>(truth.first));
    const float limit = flat ? 0 : steep ? huge : static_cast<float>(truth.first);
    EXPECT_EQ(slope(sign * kInf), limit);
    // A line does not bend; what bends for ever, like x^2, does so by a constant.
    EXPECT_EQ(bend(sign * kInf), steep ? static_cast<float>(truth.second) : 0.0F);
    const float level = std::abs(truth.value) < kNearZero ? 0 : static_cast<float>(truth.value);
    EXPECT_EQ(value(sign * kInf), flat ? level : sign * limit * kInf);
  }
}

TEST_P(Specials, HugeNumbersFollowTheLimit) {
  if (oscillates(GetParam())) GTEST_SKIP() << "no limit: see Oscillating";
  for (const float x : {1e20F, 1e30F, 0x1p126F, std::numeric_limits<float>::max()}) {
    for (const float s : {x, -x}) {
      const float limit = slope(std::copysign(kInf, s));
      if (std::isinf(limit)) continue;
      EXPECT_NEAR(slope(s), limit, kFlat) << s;
      const float want = limit == 0 ? value(std::copysign(kInf, s)) : limit * s;
      if (std::isinf(want)) {
        EXPECT_EQ(value(s), want) << s;
      } else {
        EXPECT_NEAR(value(s), want, 1e-6 * std::abs(static_cast<double>(want)) + 1000 * kFlat) << s;
      }
    }
  }
}

TEST(Oscillating, IsExactForHugeNumbersAndWithoutLimit) {
  for (const Activation& f : {Activation(Sine{}), Activation(Snake{})}) {
    for (const float x : {1e6F, 1e10F, 1e20F, 0x1p126F, std::numeric_limits<float>::max()}) {
      for (const float s : {x, -x}) {
        const auto truth = oracle::truth(f, s);
        float y = 0;
        forward(f, {&s, 1}, {&y, 1});
        EXPECT_LE(oracle::ulps(y, truth.value), 0.51) << to_string(f) << " at " << s;
        derivative(f, {&s, 1}, {&y, 1});
        EXPECT_NEAR(y, truth.first, 0x1p-24) << to_string(f) << " at " << s;
      }
    }
    for (const float s : {kInf, -kInf}) {
      float y = 0;
      forward(f, {&s, 1}, {&y, 1});
      EXPECT_TRUE(std::holds_alternative<Sine>(f) ? std::isnan(y) : y == s);
      derivative(f, {&s, 1}, {&y, 1});
      EXPECT_TRUE(std::isnan(y));
    }
  }
}

TEST_P(Specials, MinusZeroIsKeptWhereTheFunctionPassesThroughZero) {
  const auto truth = oracle::truth(GetParam(), 0.0F);
  if (truth.first >= 0) {
    EXPECT_FALSE(std::signbit(value(0.0F)) && value(0.0F) == 0);
  }
  if (truth.value == 0 && truth.first > 0) {
    EXPECT_TRUE(std::signbit(value(-0.0F)));
  }
  EXPECT_EQ(value(-0.0F), value(0.0F));
  EXPECT_EQ(slope(-0.0F), slope(0.0F));
}

INSTANTIATE_TEST_SUITE_P(All, Specials, ::testing::ValuesIn(testing::instances()),
                         [](const auto& test) { return testing::test_name(test.param); });

}  // namespace
}  // namespace actfn
