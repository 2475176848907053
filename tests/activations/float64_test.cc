// SPDX-License-Identifier: Apache-2.0
// float64 values and derivatives against the oracle, for every activation of the list: from the
// smallest subnormal to 1e300, with parameters far from what anybody uses too.
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include "elements.h"
#include "instances.h"
#include "oracle/oracle.h"

namespace actfn {
namespace {

constexpr double kMaxUlps = 2;  // of values and first derivatives
constexpr double kMaxSecondUlps = 4;
// Absolute, where a derivative crosses 0; in units of its size beside the root, but at least of 1.
constexpr double kNearRoot = 0x1p-53;

struct Order {
  const char* name;
  double oracle::Truth::*truth;
  double oracle::Truth::*rest;
  double max_ulps;
};
constexpr Order kValue = {"value", &oracle::Truth::value, &oracle::Truth::value_rest, kMaxUlps};
constexpr Order kFirst = {"derivative", &oracle::Truth::first, &oracle::Truth::first_rest,
                          kMaxUlps};
constexpr Order kSecond = {"second derivative", &oracle::Truth::second, &oracle::Truth::second_rest,
                           kMaxSecondUlps};

std::string describe(double ulps, double x, double got, double want) {
  char text[160];
  std::snprintf(text, sizeof text, "%.3g ulp at x = %a (%g): got %a, truth %a", ulps, x, x, got,
                want);
  return text;
}

// Where snake_beta is steep what it adds to x may cancel x, and xielu's exponential its line: each
// is good to this part of itself.
constexpr double kPartOfTerms = 0x1p-55;

bool cancels(const Activation& f, double x, double got, double want) {
  double line = 0;
  if (const auto* const p = std::get_if<SnakeBeta>(&f)) {
    if (std::abs(p->alpha) > p->beta) line = x;
  } else if (const auto* const q = std::get_if<Xielu>(&f)) {
    if (x < 0) line = (q->beta - q->alpha_n) * x;
  }
  return line != 0 &&
         std::abs(got - want) <= kPartOfTerms * (std::abs(line) + std::abs(want - line));
}

// Within the absolute bound, about a root: on both sides the truth is larger, or of another sign.
bool near_root(const Activation& f, const Order& order, double x, double got, double want) {
  if (&order == &kValue) return cancels(f, x, got, want);
  const double widest = std::max(2.0, std::abs(x) * 0x1p-50);
  for (double about = widest; about > widest * 1e-5; about /= 8) {
    const double left = oracle::truth(f, x - about).*order.truth;
    const double right = oracle::truth(f, x + about).*order.truth;
    const bool touches = std::min(std::abs(left), std::abs(right)) > 2 * std::abs(want);
    const double size = std::max({1.0, std::abs(left), std::abs(right)});
    if ((left * right < 0 || touches) && std::abs(got - want) <= kNearRoot * size) return true;
  }
  return false;
}

void check(const Activation& f, const Order& order, std::span<const double> x,
           std::span<const double> y, std::span<const oracle::Truth> truths) {
  double worst = order.max_ulps;
  std::string where;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double want = truths[i].*order.truth;
    if (std::isnan(truths[i].second)) continue;  // e^x left the oracle's range: specials_test.cc
    const double ulps = oracle::ulps(y[i], want, truths[i].*order.rest);
    if (ulps <= worst || near_root(f, order, x[i], y[i], want)) continue;
    worst = ulps;
    where = describe(ulps, x[i], y[i], want);
  }
  EXPECT_EQ(where, "") << order.name;
}

class Float64 : public ::testing::TestWithParam<Activation> {};

TEST_P(Float64, AgreesWithTheOracle) {
  const Activation f = GetParam();
  const auto x = testing::sample64(1000, 7);
  std::vector<oracle::Truth> truths;
  for (const double v : x) truths.push_back(oracle::truth(f, v));
  std::vector<double> y(x.size());
  forward(f, x, y);
  check(f, kValue, x, y, truths);
  derivative(f, x, y);
  check(f, kFirst, x, y, truths);
  second_derivative(f, x, y);
  check(f, kSecond, x, y, truths);
}

INSTANTIATE_TEST_SUITE_P(All, Float64, ::testing::ValuesIn(testing::instances(true)),
                         [](const auto& test) { return testing::test_name(test.param); });

}  // namespace
}  // namespace actfn
