// SPDX-License-Identifier: Apache-2.0
// Values and derivatives against the oracle, for every activation of the list.
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <limits>

#include "inputs.h"
#include "instances.h"
#include "oracle/oracle.h"

namespace actfn {
namespace {

constexpr double kMaxUlps = 2;  // of values and first derivatives
constexpr double kMaxSecondUlps = 4;
constexpr double kNearRoot = 0x1p-24;  // absolute, where a derivative crosses 0

class ErrorsOf : public ::testing::TestWithParam<Activation> {};

struct Worst {
  double ulps = 0;
  float x = 0;
  float got = 0;
  double want = 0;
};

void update(Worst& worst, double ulps, float x, float got, double want) {
  if (!(ulps <= worst.ulps)) worst = {ulps, x, got, want};
}

constexpr float kAbout = 0.2F;

// Within the absolute bound, about a root: the truth changes its sign nearby.
bool near_root(const Activation& f, double oracle::Truth::*order, float x, float got, double want) {
  if (std::abs(static_cast<double>(got) - want) > kNearRoot) return false;
  if (std::abs(x) > 100 || want == 0) return want == 0 && got == 0;
  const double left = oracle::truth(f, x - kAbout).*order;
  const double right = oracle::truth(f, x + kAbout).*order;
  return left * right < 0;
}

std::string describe(const Worst& w) {
  char text[160];
  std::snprintf(text, sizeof text, "%.3f ulp at x = %a (%g): got %a, truth %a", w.ulps,
                static_cast<double>(w.x), static_cast<double>(w.x), static_cast<double>(w.got),
                w.want);
  return text;
}

TEST_P(ErrorsOf, AgreesWithTheOracle) {
  const Activation f = GetParam();
  auto x = testing::sample(1500, 7);
  std::erase_if(x, [](float v) { return std::abs(v) > 1e4F; });  // specials_test.cc has those
  std::vector<float> y(x.size());
  std::vector<float> slope(x.size());
  forward(f, x, y);
  derivative(f, x, slope);
  std::vector<float> bend(x.size());
  second_derivative(f, x, bend);
  Worst value;
  Worst first;
  Worst second;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto truth = oracle::truth(f, x[i]);
    if (std::isnan(truth.first)) continue;  // e^(x/alpha) left the oracle's range
    update(value, oracle::ulps(y[i], truth.value), x[i], y[i], truth.value);
    if (!near_root(f, &oracle::Truth::first, x[i], slope[i], truth.first)) {
      update(first, oracle::ulps(slope[i], truth.first), x[i], slope[i], truth.first);
    }
    if (!near_root(f, &oracle::Truth::second, x[i], bend[i], truth.second)) {
      update(second, oracle::ulps(bend[i], truth.second), x[i], bend[i], truth.second);
    }
  }
  EXPECT_LE(value.ulps, kMaxUlps) << "value: " << describe(value);
  EXPECT_LE(first.ulps, kMaxUlps) << "derivative: " << describe(first);
  EXPECT_LE(second.ulps, kMaxSecondUlps) << "second derivative: " << describe(second);
  RecordProperty("second_ulps", std::to_string(second.ulps));
  RecordProperty("value_ulps", std::to_string(value.ulps));
  RecordProperty("derivative_ulps", std::to_string(first.ulps));
}

INSTANTIATE_TEST_SUITE_P(All, ErrorsOf, ::testing::ValuesIn(testing::instances(true)),
                         [](const auto& test) { return testing::test_name(test.param); });

// Parameters that matter together: softplus beyond 20, with tails that beta makes small or large.
INSTANTIATE_TEST_SUITE_P(Together, ErrorsOf,
                         ::testing::Values(Softplus{.beta = 1e5, .threshold = 1e30},
                                           Softplus{.beta = 1e-3, .threshold = 1e30},
                                           Softplus{.beta = 0.37, .threshold = 3}),
                         [](const auto& test) { return testing::test_name(test.param); });

TEST(Softplus, IsItsInputWhereBetaTimesThatOverflows) {
  constexpr Softplus kSoftplus = {.beta = 1e15,
                                  .threshold = std::numeric_limits<double>::infinity()};
  for (const float x : {1e20F, 1e25F, std::numeric_limits<float>::max()}) {
    EXPECT_EQ(evaluate(kSoftplus, x), x);
    EXPECT_EQ(evaluate_derivative(kSoftplus, x), 1);
  }
}

// Sums cancel about the root, -0.7518; an error in ULP has no bound only close to it.
TEST(Gelu, KeepsItsDerivativeBesideTheRoot) {
  constexpr float kRoot = -0.75179F;
  Worst worst;
  for (float x = -0.95F; x < -0.6F; x += 0.0001F) {
    if (std::abs(x - kRoot) < 0.01F) continue;
    const double truth = oracle::truth(Gelu{}, x).first;
    const float slope = evaluate_derivative(Gelu{}, x);
    update(worst, oracle::ulps(slope, truth), x, slope, truth);
  }
  EXPECT_LE(worst.ulps, kMaxUlps) << describe(worst);
}

}  // namespace
}  // namespace actfn
