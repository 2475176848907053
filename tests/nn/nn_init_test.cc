// SPDX-License-Identifier: Apache-2.0
// How weights begin.
#include <actfn/nn/nn.h>
#include <gtest/gtest.h>

#include <string>

#include "messages.h"
#include "nn_reference.h"

namespace actfn::nn {
namespace {

using testing::bits;
using testing::message;

constexpr int kIn = 300;
constexpr int kOut = 200;

double deviation_of(Init init) {
  switch (init) {
    case Init::glorot_uniform:
    case Init::glorot_normal:
      return std::sqrt(2.0 / (kIn + kOut));
    case Init::he_uniform:
    case Init::he_normal:
      return std::sqrt(2.0 / kIn);
    case Init::lecun_uniform:
    case Init::lecun_normal:
      return std::sqrt(1.0 / kIn);
  }
  return 0;
}

bool is_uniform(Init init) { return to_string(init).ends_with("_uniform"); }

std::vector<float> weights(Init init, std::uint64_t seed, int layer = 0) {
  Sequential net{Linear{kIn, kOut}, Relu{}, Linear{kOut, kIn}};
  testing::randomize(net, 1);
  net.initialize(init, seed);
  const auto view = net.linears().at(static_cast<std::size_t>(layer));
  return {view.weight.begin(), view.weight.end()};
}

class Initialiser : public ::testing::TestWithParam<Init> {};

// Standard errors: of the mean, s / sqrt(n); of the mean square, sqrt(2 / n) s^2 for a normal
// distribution, sqrt(4 / 5 / n) s^2 for a uniform one.
TEST_P(Initialiser, HasMeanZeroAndItsVariance) {
  const double s = deviation_of(GetParam());
  const auto w = weights(GetParam(), 1);
  const auto n = static_cast<double>(w.size());
  double sum = 0;
  double squares = 0;
  for (const float v : w) {
    sum += v;
    squares += static_cast<double>(v) * v;
  }
  EXPECT_NEAR(sum / n, 0, 4 * s / std::sqrt(n));
  const double error = std::sqrt((is_uniform(GetParam()) ? 0.8 : 2) / n);
  EXPECT_NEAR(squares / n / (s * s), 1, 4 * error);
}

// A uniform distribution fills its range and ends there; a normal one goes on.
TEST_P(Initialiser, HasTheRangeOfItsDistribution) {
  const double s = deviation_of(GetParam());
  double most = 0;
  for (const float v : weights(GetParam(), 1)) most = std::max(most, std::fabs(double{v}));
  if (is_uniform(GetParam())) {
    EXPECT_LE(most, std::sqrt(3.0) * s * (1 + 0x1p-24));
    EXPECT_GT(most, std::sqrt(3.0) * s * 0.999);
  } else {
    EXPECT_GT(most, 3.5 * s);
    EXPECT_LT(most, 6 * s);
  }
}

TEST_P(Initialiser, DependsOnSeedAndLayerAlone) {
  const auto w = weights(GetParam(), 1);
  EXPECT_EQ(bits(weights(GetParam(), 1)), bits(w));
  EXPECT_NE(bits(weights(GetParam(), 2)), bits(w));
  EXPECT_NE(bits(weights(GetParam(), 1 + (std::uint64_t{1} << 32U))), bits(w));
  const auto second = weights(GetParam(), 1, 1);
  // The shapes are each other's reverse: compare the first weights, each by its deviation.
  std::size_t equal = 0;
  for (std::size_t i = 0; i < 100; ++i) equal += std::signbit(w[i]) == std::signbit(second[i]);
  EXPECT_LT(equal, 80U);
}

INSTANTIATE_TEST_SUITE_P(All, Initialiser,
                         ::testing::Values(Init::glorot_uniform, Init::glorot_normal,
                                           Init::he_uniform, Init::he_normal, Init::lecun_uniform,
                                           Init::lecun_normal),
                         [](const auto& test) { return std::string(to_string(test.param)); });

TEST(Initialize, CountsLinearLayersAlone) {
  Sequential bare{Linear{kIn, kOut}, Linear{kOut, 3}};
  Sequential net{Tanh{}, Linear{kIn, kOut}, Relu{}, Silu{}, Linear{kOut, 3}};
  net.set_threads(2);
  bare.initialize(Init::he_normal, 9);
  net.initialize(Init::he_normal, 9);
  EXPECT_EQ(bits(testing::parameters(net)), bits(testing::parameters(bare)));
}

TEST(Initialize, SetsBiasesToZero) {
  Sequential net{Linear{5, 70}, Relu{}, Linear{70, 3}};
  testing::randomize(net, 1);
  net.initialize(Init::glorot_uniform, 1);
  for (const auto& view : net.linears()) {
    for (const float b : view.bias) EXPECT_EQ(b, 0);
  }
}

TEST(ParseInit, ReadsWhatToStringWrites) {
  for (const auto* name : {"glorot_uniform", "glorot_normal", "he_uniform", "he_normal",
                           "lecun_uniform", "lecun_normal"}) {
    EXPECT_EQ(to_string(parse_init(name)), name);
  }
}

TEST(ParseInit, ListsAllAndProposesTheNearest) {
  const std::string all =
      "[init] must be glorot_uniform, glorot_normal, he_uniform, he_normal, lecun_uniform "
      "or lecun_normal, got ";
  EXPECT_EQ(message([] { parse_init("he_norml"); }), all + "'he_norml'; did you mean he_normal?");
  EXPECT_EQ(message([] { parse_init(""); }), all + "''");
}

}  // namespace
}  // namespace actfn::nn
