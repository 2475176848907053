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

class Specials : public ::testing::TestWithParam<Activation> {
 protected:
  float value(float x) const {
    float y = 0;
    forward(GetParam(), {&x, 1}, {&y, 1});
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
  }
}

TEST_P(Specials, InfinityGivesTheLimit) {
  for (const float sign : {1.0F, -1.0F}) {
    const auto truth = far_out(GetParam(), sign);
    const bool flat = std::abs(truth.first) < kFlat;
    const float limit = flat ? 0 : static_cast<float>(truth.first);
    EXPECT_EQ(slope(sign * kInf), limit);
    EXPECT_EQ(value(sign * kInf), flat ? static_cast<float>(truth.value) : sign * limit * kInf);
  }
}

TEST_P(Specials, HugeNumbersFollowTheLimit) {
  for (const float x : {1e20F, 1e30F, 0x1p126F, std::numeric_limits<float>::max()}) {
    for (const float s : {x, -x}) {
      const float limit = slope(std::copysign(kInf, s));
      EXPECT_NEAR(slope(s), limit, kFlat) << s;
      const float line = limit * s;
      EXPECT_FLOAT_EQ(value(s), limit == 0 ? value(std::copysign(kInf, s)) : line) << s;
    }
  }
}

TEST_P(Specials, MinusZeroIsKeptWhereTheFunctionPassesThroughZero) {
  EXPECT_FALSE(std::signbit(value(0.0F)) && value(0.0F) == 0);
  const auto truth = oracle::truth(GetParam(), 0.0F);
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
