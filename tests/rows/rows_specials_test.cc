// SPDX-License-Identifier: Apache-2.0
// Rows with infinities and NaN, for every row function.
#include <actfn/rows.h>
#include <gtest/gtest.h>

#include <cmath>

#include "elements.h"
#include "row_functions.h"

namespace actfn {
namespace {

using testing::as;
using testing::for_each_type;

constexpr double kInf = std::numeric_limits<double>::infinity();

class RowSpecials : public ::testing::TestWithParam<RowActivation> {
 public:
  // f of a row in which -inf takes no part: its sign changes where +inf is what takes no part.
  template <class T>
  static std::vector<double> result(std::vector<double> row) {
    const double sign = testing::excluded_by(GetParam()) < 0 ? 1 : -1;
    std::vector<T> x, y(row.size());
    for (const double v : row) x.push_back(as<T>(sign * v));
    forward(GetParam(), x, 0, y);
    return {y.begin(), y.end()};
  }
  static double none() { return testing::result_of_excluded(GetParam()); }
};

TEST_P(RowSpecials, WhatTakesNoPartIsZero) {
  for_each_type([&]<class T>() {
    const auto y = result<T>({-kInf, 1, -kInf, 0.5, -kInf});
    EXPECT_EQ(y[0], none());
    EXPECT_EQ(y[2], none());
    EXPECT_EQ(y[4], none());
    EXPECT_GT(y[1], none());
    EXPECT_EQ(result<T>(std::vector<double>(40, -kInf)), std::vector<double>(40, none()));
  });
}

// As the limit of large numbers has it.
TEST_P(RowSpecials, InfiniteOnesShare) {
  const long double far = testing::excluded_by(GetParam()) < 0 ? 1e6L : -1e6L;
  const oracle::Row limit = oracle::row_values(GetParam(), {far, 0, far, -far});
  for_each_type([&]<class T>() {
    const auto y = result<T>({kInf, 1, kInf, -kInf});
    for (std::size_t i = 0; i < 4; ++i) {
      const bool lost = none() < 0 && limit[i] < -1e5L;
      EXPECT_EQ(y[i], lost ? none() : static_cast<double>(as<T>(static_cast<double>(limit[i]))))
          << i;
    }
  });
}

TEST_P(RowSpecials, NanMakesItsRowNan) {
  for_each_type([&]<class T>() {
    for (const std::size_t n : {1U, 5U, 40U, 70000U}) {
      for (const std::size_t at : {std::size_t{0}, n / 2, n - 1}) {
        std::vector<double> row(n, 1);
        row[n / 3] = kInf;
        row[at] = std::nan("");
        for (const double y : result<T>(row)) ASSERT_TRUE(std::isnan(y)) << n << ' ' << at;
      }
    }
  });
}

INSTANTIATE_TEST_SUITE_P(All, RowSpecials, ::testing::ValuesIn(testing::row_activations()),
                         [](const auto& one) { return testing::test_name(one.param); });

}  // namespace
}  // namespace actfn
