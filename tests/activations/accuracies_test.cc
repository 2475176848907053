// SPDX-License-Identifier: Apache-2.0
// Accuracy::fast and Accuracy::nearest against the oracle, and what does not depend on accuracies.
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "elements.h"
#include "inputs.h"
#include "instances.h"
#include "oracle/oracle.h"
#include "placed.h"

namespace actfn {
namespace {

using testing::bits;
using testing::drawn;

constexpr double kFastUlps = 4;
constexpr double kNearRoot = 0x1p-23;  // of derivatives: absolute, where they cross 0

std::vector<float> inputs() {
  auto x = testing::sample(1200, 11);
  // Beyond 300 the oracle's 500 bits do not hold e^x beside a line. specials_test.cc has limits.
  std::erase_if(x, [](float v) { return !(std::abs(v) <= 300.0F); });
  return x;
}

class Accuracies : public ::testing::TestWithParam<Activation> {};

TEST_P(Accuracies, FastIsWithinItsBound) {
  const Activation& f = GetParam();
  const auto x = inputs();
  std::vector<float> y(x.size()), slope(x.size());
  forward({f, Accuracy::fast}, x, y);
  derivative({f, Accuracy::fast}, x, slope);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto truth = oracle::truth(f, x[i]);
    if (std::isnan(truth.first)) continue;  // e^(x/alpha) left the oracle's range
    EXPECT_LE(oracle::ulps(y[i], truth.value), kFastUlps) << x[i];
    if (std::abs(static_cast<double>(slope[i]) - truth.first) > kNearRoot) {
      EXPECT_LE(oracle::ulps(slope[i], truth.first), kFastUlps) << x[i];
    }
  }
}

// One by one, and all at once: the bits of an input are always the same.
void expect_nearest(const Activation& f, const std::vector<float>& x) {
  std::vector<float> y(x.size());
  forward({f, Accuracy::nearest}, x, y);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const float want = oracle::nearest(f, x[i]);
    if (std::isnan(want)) continue;
    const float alone = evaluate({f, Accuracy::nearest}, x[i]);
    EXPECT_EQ(y[i], want) << std::hexfloat << to_string(f) << " at " << x[i] << ": " << y[i]
                          << ", not " << want;
    EXPECT_EQ(std::bit_cast<std::uint32_t>(alone), std::bit_cast<std::uint32_t>(y[i])) << x[i];
  }
}

TEST_P(Accuracies, NearestIsNearest) { expect_nearest(GetParam(), inputs()); }

// Limits, NaN, both zeros and subnormal numbers have the bits of accurate where these are exact.
TEST_P(Accuracies, SpecialsAreThoseOfAccurate) {
  const Activation& f = GetParam();
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const std::vector<float> x = {std::numeric_limits<float>::quiet_NaN(), kInfinity, -kInfinity,
                                0.0F, -0.0F};
  std::vector<float> want(x.size()), got(x.size());
  forward(f, x, want);
  for (const Accuracy accuracy : {Accuracy::fast, Accuracy::nearest}) {
    forward({f, accuracy}, x, got);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(bits(got[i]), bits(want[i])) << x[i];
    for (std::size_t i = 3; i < 5; ++i) {
      EXPECT_EQ(std::signbit(got[i]), std::signbit(want[i])) << x[i];
      EXPECT_LE(oracle::ulps(got[i], static_cast<double>(want[i])), kFastUlps) << x[i];
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, Accuracies, ::testing::ValuesIn(testing::instances()),
                         [](const auto& test) { return testing::test_name(test.param); });

// Where a line through 0 reaches midpoints between two float32: its bend decides.
TEST(Nearest, TheBendOfALineDecides) {
  std::vector<float> subnormal, tiny;
  for (int k = 1; k < 400; ++k) {
    for (const float sign : {1.0F, -1.0F}) {
      subnormal.push_back(sign * static_cast<float>(k) * 0x1p-149F);
      subnormal.push_back(sign * (0x1p-126F + static_cast<float>(k) * 0x1p-149F));
      tiny.push_back(sign * static_cast<float>(k) * 0x1p-24F);
      tiny.push_back(sign * static_cast<float>(k) * 0x1p-30F);
    }
  }
  for (const Activation& f :
       {Activation(Silu{}), Activation(Gelu{}), Activation(Gelu{Gelu::Approximate::tanh}),
        Activation(Sigmoid{}), Activation(Elu{.alpha = 0.5}), Activation(Elu{.alpha = -0.75}),
        Activation(Tanh{}), Activation(Mish{}), Activation(Softplus{}), Activation(Exp{}),
        Activation(Selu{}), Activation(Celu{.alpha = 0.5})}) {
    expect_nearest(f, subnormal);
    expect_nearest(f, tiny);
  }
}

// The float32 whose exact results lie nearest to a middle are found by scripts/exhaustive.
struct HardCase {
  const char* spec;
  float x;
};
constexpr HardCase kHardCases[] = {
#include "hard_cases.inc"
};

TEST(Nearest, HardCases) {
  for (const auto& [spec, x] : kHardCases) expect_nearest(parse(spec), {x});
}

template <class T>
void expect_one_accuracy(const Activation& f) {
  const auto x = drawn<T>(300, 5), dy = drawn<T>(300, 6);
  std::vector<T> want(x.size()), got(x.size()), want_dx(x.size()), got_dx(x.size());
  forward(f, x, want);
  backward(f, x, dy, want_dx);
  for (const Accuracy accuracy : {Accuracy::fast, Accuracy::nearest}) {
    forward({f, accuracy}, x, got);
    backward({f, accuracy}, x, dy, got_dx);
    EXPECT_EQ(bits(got), bits(want)) << to_string(f);
    EXPECT_EQ(bits(got_dx), bits(want_dx)) << to_string(f);
  }
}

TEST(OtherTypes, HaveOneAccuracy) {
  for (const Activation& f : testing::examples()) {
    expect_one_accuracy<double>(f);
    expect_one_accuracy<bfloat16>(f);
    expect_one_accuracy<float16>(f);
  }
}

TEST(Calls, OfOneAccuracyAgree) {
  for (const Activation& f : testing::examples()) {
    const auto x = drawn<float>(700, 8), dy = drawn<float>(700, 9);
    for (const Accuracy accuracy : {Accuracy::accurate, Accuracy::fast, Accuracy::nearest}) {
      SCOPED_TRACE(to_string(Spec{f, accuracy}));
      std::vector<float> y(x.size()), slope(x.size()), dx(x.size()), got(x.size()),
          second(x.size());
      forward({f, accuracy}, x, y);
      derivative({f, accuracy}, x, slope);
      backward({f, accuracy}, x, dy, dx);
      for (std::size_t i = 0; i < x.size(); ++i) got[i] = slope[i] * dy[i];
      EXPECT_EQ(bits(dx), bits(got));
      forward_with_derivative({f, accuracy}, x, got, second);
      EXPECT_EQ(bits(got), bits(y));
      EXPECT_EQ(bits(second), bits(slope));
      const PreparedActivation<float> prepared({f, accuracy});
      prepared.forward(x.data(), got.data(), x.size());
      EXPECT_EQ(bits(got), bits(y));
      prepared.backward(x.data(), dy.data(), got.data(), x.size());
      EXPECT_EQ(bits(got), bits(dx));
    }
  }
}

TEST(Calls, NeitherLengthNorStridesNorThreadsChangeABit) {
  for (const Activation& f : {Activation(Silu{}), Activation(Gelu{}), Activation(Arctan{})}) {
    for (const Accuracy accuracy : {Accuracy::fast, Accuracy::nearest}) {
      SCOPED_TRACE(to_string(Spec{f, accuracy}));
      const auto x = drawn<float>(3000, 4);
      std::vector<float> want(x.size()), got(x.size());
      forward({f, accuracy}, x, want);
      forward({f, accuracy}, x, got, {.count = 3});
      EXPECT_EQ(bits(got), bits(want));
      for (std::size_t n = 0; n < 150; ++n) {
        std::vector<float> some(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(n));
        forward({f, accuracy}, some, some);
        EXPECT_EQ(bits(some), bits(std::vector<float>(
                                  want.begin(), want.begin() + static_cast<std::ptrdiff_t>(n))));
      }
      for (std::size_t i = 0; i < x.size(); i += 2) got[i] = 0;
      const Shape half = {x.size() / 2};
      forward({f, accuracy}, ConstTensor(x.data(), half, {2}), Tensor(got.data(), half, {2}));
      EXPECT_EQ(bits(got), bits(want));
    }
  }
}

// What a list does at run time a struct does at compile time.
TEST(Calls, AStructAndItsListAreComputedAlike) {
  const auto x = drawn<float>(100, 4);
  std::vector<float> want(x.size()), got(x.size());
  forward({Silu{}, Accuracy::fast}, x, want);
  forward({parse("silu"), Accuracy::fast}, x, got);
  EXPECT_EQ(bits(got), bits(want));
  forward({Silu{}, Accuracy::nearest}, x, want);
  forward({parse("silu"), Accuracy::nearest}, x, got);
  EXPECT_EQ(bits(got), bits(want));
}

TEST(Calls, RowsAndGatesTakeAnAccuracyAndAreAccurate) {
  const auto x = drawn<float>(24, 4);
  std::vector<float> want(24), got(24), half_want(12), half_got(12);
  forward(Softmax{}, {x, {4, 6}}, 1, {want, {4, 6}});
  forward({Softmax{}, Accuracy::fast}, {x, {4, 6}}, 1, {got, {4, 6}});
  EXPECT_EQ(bits(got), bits(want));
  forward(Swiglu{}, {x, {4, 6}}, 1, {half_want, {4, 3}});
  forward({Swiglu{}, Accuracy::nearest}, {x, {4, 6}}, 1, {half_got, {4, 3}});
  EXPECT_EQ(bits(half_got), bits(half_want));
}

}  // namespace
}  // namespace actfn
