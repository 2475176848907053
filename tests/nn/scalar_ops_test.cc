// SPDX-License-Identifier: Apache-2.0
// Functions of one number against the C library's in long double, and their bits on every target.
#include "nn/scalar_ops.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "forced_target.h"

namespace actfn::nn {
namespace {

using Function = double (*)(double);
using Exact = long double (*)(long double);

constexpr double kInf = std::numeric_limits<double>::infinity();

long double exact_softplus(long double x) {
  return std::max(x, 0.0L) + std::log1p(std::exp(-std::fabs(x)));
}
long double exact_inverse(long double y) { return y + std::log(-std::expm1(-y)); }
long double exact_logistic(long double x) { return 1 / (1 + std::exp(-x)); }

// Near 0 and far from it, of both signs or positive.
std::vector<double> numbers(bool negative) {
  std::vector<double> all;
  for (double x = 0x1p-60; x < 800; x *= 1.0625) {
    all.push_back(x);
    if (negative) all.push_back(-x);
  }
  return all;
}

void expect_exact(Function f, Exact exact, bool negative) {
  for (const double x : numbers(negative)) {
    const auto want = static_cast<double>(exact(x));
    // Terms that cancel, next to the root of inverse_softplus, have rounded.
    const double size = std::abs(want) + (negative ? 0 : 0x1p-2);
    const double got = f(x);
    EXPECT_NEAR(got, want, 0x1p-50 * size + std::numeric_limits<double>::min()) << x;
    for (const auto target : testing::running_targets()) {
      const testing::ForcedTarget forced(target);
      EXPECT_EQ(f(x), got) << x << ", " << testing::name_of(target);
    }
  }
}

TEST(ScalarOps, SoftplusIsExact) { expect_exact(softplus, exact_softplus, true); }
TEST(ScalarOps, InverseSoftplusIsExact) {
  expect_exact(inverse_softplus, exact_inverse, false);
  for (const double y : {1e-300, 1e-3, 0.5, 1.0, 20.0}) {
    EXPECT_NEAR(softplus(inverse_softplus(y)), y, 0x1p-42 * y) << y;
  }
}
TEST(ScalarOps, LogisticIsExact) { expect_exact(logistic, exact_logistic, true); }

TEST(ScalarOps, HaveTheirLimits) {
  for (const auto target : testing::running_targets()) {
    const testing::ForcedTarget forced(target);
    EXPECT_EQ(softplus(kInf), kInf);
    EXPECT_EQ(softplus(-kInf), 0);
    EXPECT_EQ(logistic(kInf), 1);
    EXPECT_EQ(logistic(-kInf), 0);
    EXPECT_EQ(logistic(0), 0.5);
    EXPECT_EQ(inverse_softplus(1e300), 1e300);
    EXPECT_TRUE(std::isnan(softplus(std::nan(""))));
    EXPECT_TRUE(std::isnan(logistic(std::nan(""))));
  }
}

TEST(ScalarOps, PowerIsExact) {
  EXPECT_EQ(power(0.3, 0), 1);
  EXPECT_EQ(power(0.3, 1), 0.3);
  EXPECT_EQ(power(0, 3), 0);
  EXPECT_EQ(power(0.5, 1000), 0x1p-1000);
  EXPECT_EQ(power(0.9, 1'000'000'000'000), 0);
  for (const double base : {0.5, 0.9, 0.999, 0.9999999}) {
    for (const std::int64_t n : {2, 3, 17, 1000, 123456}) {
      const auto want = static_cast<double>(std::pow(static_cast<long double>(base), n));
      EXPECT_NEAR(power(base, n), want, static_cast<double>(n) * 0x1p-52 * want)
          << base << " " << n;
    }
  }
}

}  // namespace
}  // namespace actfn::nn
