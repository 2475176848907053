// SPDX-License-Identifier: Apache-2.0
// Rows to one number: logsumexp, logmeanexp.
#include <actfn/rows.h>
#include <gtest/gtest.h>

#include <cmath>

#include "elements.h"
#include "row_functions.h"

namespace actfn {
namespace {

using oracle::Row;
using testing::as;
using testing::for_each_type;
using testing::normal_row;
using testing::widened;

constexpr double kInf = std::numeric_limits<double>::infinity();

template <class T>
T value(const RowReduction& f, const std::vector<T>& x, const RowOptions& options = {}) {
  std::vector<T> y(1);
  forward(f, x, 0, y, options);
  return y[0];
}

template <class T>
std::vector<std::vector<T>> rows() {
  std::vector<std::vector<T>> all;
  for (const std::size_t n : {1U, 2U, 7U, 16U, 33U, 1000U, 5000U}) {
    for (const double spread : {1e-3, 0.01, 1.0, 10.0, 60.0}) {
      for (const double center : {0.0, -90.0, 120.0, 1000.0}) {
        all.push_back(normal_row<T>(n, center, spread, static_cast<unsigned>(n)));
      }
    }
    all.push_back(std::vector<T>(n, as<T>(3.7)));
  }
  const double most = testing::largest<T>();
  all.push_back({as<T>(most), as<T>(-most), as<T>(most)});
  all.push_back({as<T>(-most), as<T>(-most)});
  return all;
}

class Reductions : public ::testing::TestWithParam<RowReduction> {};

TEST_P(Reductions, AreThoseOfTheDefinition) {
  for_each_type([]<class T>() {
    for (const auto& x : rows<T>()) {
      const auto want = static_cast<double>(oracle::row_value(GetParam(), widened(x)));
      const auto largest = static_cast<double>(*std::max_element(x.begin(), x.end()));
      // Where the largest entry and the logarithm cancel, see below.
      if (std::abs(want) < std::abs(largest) / 16) continue;
      const double room = (sizeof(T) == 2 ? 0.51 : 2) * testing::spacing<T>(want);
      EXPECT_LE(std::abs(static_cast<double>(value(GetParam(), x)) - want), room)
          << kTypeName<T> << ", n = " << x.size() << ", largest " << largest;
    }
  });
}

TEST_P(Reductions, OfSpecials) {
  for_each_type([]<class T>() {
    const auto of = [](const std::vector<double>& row) {
      std::vector<T> x;
      for (const double v : row) x.push_back(as<T>(v));
      return static_cast<double>(value(GetParam(), x));
    };
    EXPECT_EQ(of({-kInf, -kInf}), -kInf);
    EXPECT_EQ(of({kInf, 1}), kInf);
    EXPECT_EQ(of({kInf, kInf}), kInf);
    EXPECT_EQ(of({1}), 1);
    EXPECT_TRUE(std::isnan(of({1, std::nan(""), kInf})));
    EXPECT_TRUE(std::isnan(of({std::nan("")})));
  });
}

// Rows without entries: one with the axis kept, one without it, of any place.
TEST_P(Reductions, OfNothing) {
  for_each_type([]<class T>() {
    std::vector<T> none;
    const auto expect = [&](const Shape& whole, int axis, const Shape& left) {
      std::vector<T> y(7, as<T>(7));
      forward(GetParam(), ConstTensor(none.data(), whole), axis, Tensor(y.data(), left));
      for (std::size_t i = 0; i < y.size(); ++i) {
        const double want = i < Tensor(y.data(), left).size() ? -kInf : 7;
        EXPECT_EQ(static_cast<double>(y[i]), want) << kTypeName<T> << " " << i;
      }
    };
    expect({4, 0}, 1, {4});
    expect({4, 0}, -1, {4, 1});
    expect({2, 0, 3}, 1, {2, 3});
    expect({0}, 0, {1});
    expect({0, 3}, 1, {0});  // no rows at all
    std::vector<T> y(6, as<T>(7));
    forward(GetParam(), ConstTensor(none.data(), {3, 0}), 1, Tensor(y.data(), {3}, {2}));
    EXPECT_EQ(static_cast<double>(y[4]), -kInf);
    EXPECT_EQ(static_cast<double>(y[1]), 7);
    backward(GetParam(), ConstTensor(none.data(), {4, 0}), ConstTensor(y.data(), {4}), 1,
             Tensor(none.data(), {4, 0}));
  });
}

// What a mask excludes is not there.
TEST_P(Reductions, TakeMasks) {
  for_each_type([]<class T>() {
    const auto x = normal_row<T>(50, 1, 2, 9);
    std::vector<std::uint8_t> mask(50);
    std::vector<T> few;
    for (std::size_t i = 0; i < 50; ++i) {
      mask[i] = i % 3 == 1;
      if (mask[i] != 0) few.push_back(x[i]);
    }
    const RowOptions options = {.mask = ConstMask(mask.data(), {50})};
    const auto want = static_cast<double>(value(GetParam(), few));
    EXPECT_NEAR(static_cast<double>(value(GetParam(), x, options)), want,
                testing::spacing<T>(want));
    std::fill(mask.begin(), mask.end(), 0);
    EXPECT_EQ(static_cast<double>(value(GetParam(), x, options)), -kInf);
  });
}

TEST_P(Reductions, TakeShapesWithAndWithoutTheAxis) {
  const Shape shape = {3, 4, 5};
  const auto x = normal_row<float>(60, 0, 2, 16);
  std::vector<std::uint8_t> mask(60);
  for (std::size_t i = 0; i < 60; ++i) mask[i] = i % 7 != 2;
  const RowOptions options = {.mask = ConstMask(mask.data(), shape)};
  std::vector<float> kept(15), without(15);
  forward(GetParam(), {x, shape}, 1, {kept, {3, 1, 5}}, options);
  forward(GetParam(), {x, shape}, -2, {without, {3, 5}}, options);
  EXPECT_EQ(testing::bits(kept), testing::bits(without));
  for (std::size_t r = 0; r < 15; ++r) {
    std::vector<float> row(4);
    std::vector<std::uint8_t> here(4);
    for (std::size_t i = 0; i < 4; ++i) {
      row[i] = x[r / 5 * 20 + i * 5 + r % 5];
      here[i] = mask[r / 5 * 20 + i * 5 + r % 5];
    }
    EXPECT_EQ(value(GetParam(), row, {.mask = ConstMask(here.data(), {4})}), kept[r]);
  }
}

TEST_P(Reductions, BackwardIsTheGradient) {
  for_each_type([]<class T>() {
    const auto x = normal_row<T>(40, 0, 3, 3);
    const std::vector<T> dy = {as<T>(-1.75)};
    std::vector<T> dx(40);
    backward(GetParam(), x, dy, 0, dx);
    const Row z = widened(x);
    for (std::size_t i = 0; i < 40; ++i) {
      const auto at = [&](long double step) {
        Row moved = z;
        moved[i] += step;
        return oracle::row_value(GetParam(), moved);
      };
      const long double h = 1e-4L;
      const long double slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
      const auto want = static_cast<double>(-1.75L * slope);
      EXPECT_NEAR(static_cast<double>(dx[i]), want, 2 * testing::spacing<T>(want) + 1e-13);
    }
  });
}

TEST_P(Reductions, BackwardIsZeroWhereAMaskExcludes) {
  const std::vector<double> x = {1, 2, 3};
  const std::vector<std::uint8_t> mask = {1, 0, 1};
  std::vector<double> dx(3);
  backward(GetParam(), x, std::vector<double>{2}, 0, dx, {.mask = ConstMask(mask.data(), {3})});
  EXPECT_EQ(dx[1], 0);
  EXPECT_NEAR(dx[0], 2 / (1 + std::exp(2)), 1e-15);
  EXPECT_NEAR(dx[0] + dx[2], 2, 1e-15);
}

INSTANTIATE_TEST_SUITE_P(All, Reductions, ::testing::ValuesIn(testing::instances<RowReduction>()),
                         [](const auto& one) { return testing::test_name(one.param); });

// The logarithm of the mean is small where logsumexp and log(n) cancel, and where the largest entry
// and the rest do.
TEST(LogMeanExp, KeepsPrecisionWhereItCancels) {
  for_each_type([]<class T>() {
    for (const std::size_t n : {2U, 10U, 1000U, 100000U}) {
      for (const double spread : {1e-6, 1e-3, 0.1, 1.0}) {
        for (std::size_t draw = 0; draw < 2 + 2000 / n; ++draw) {
          // The mean of e^x is 1 at this center, for every other draw.
          const double center = draw % 2 == 0 ? 0 : -spread * spread / 2;
          const auto x = normal_row<T>(n, center, spread, static_cast<unsigned>(n + draw));
          const auto want = static_cast<double>(oracle::row_value(Logmeanexp{}, widened(x)));
          const auto largest = static_cast<double>(*std::max_element(x.begin(), x.end()));
          const double room = std::max((sizeof(T) == 2 ? 0.51 : 2) * testing::spacing<T>(want),
                                       std::abs(largest) * 0x1p-55);
          EXPECT_LE(std::abs(static_cast<double>(value(Logmeanexp{}, x)) - want), room)
              << kTypeName<T> << ", n = " << n << ", spread " << spread;
        }
      }
    }
  });
}

TEST(LogMeanExp, OfEqualEntriesIsTheEntry) {
  for_each_type([]<class T>() {
    for (const std::size_t n : {1U, 3U, 1000U, 70000U}) {
      const T x = as<T>(-0.3);
      EXPECT_EQ(static_cast<double>(value(Logmeanexp{}, std::vector<T>(n, x))),
                static_cast<double>(x));
    }
  });
}

// An entry of -inf counts, one that the mask excludes does not.
TEST(LogMeanExp, CountsWhatTheMaskLeaves) {
  const std::vector<double> x = {0, -kInf, 0, 5};
  const std::vector<std::uint8_t> mask = {1, 1, 1, 0};
  const double y = value(Logmeanexp{}, x, {.mask = ConstMask(mask.data(), {4})});
  EXPECT_DOUBLE_EQ(y, std::log(2.0 / 3));
  EXPECT_DOUBLE_EQ(value(Logmeanexp{}, std::vector<double>{-kInf, 3}), 3 - std::log(2.0));
}

TEST(RowReductions, HaveNames) {
  const auto x = normal_row<float>(20, 0, 1, 2);
  std::vector<float> y(1), dx(20), want(20);
  logsumexp(x, 0, y);
  EXPECT_EQ(y[0], value(Logsumexp{}, x));
  logmeanexp(x, 0, y);
  EXPECT_EQ(y[0], value(Logmeanexp{}, x));
  const std::vector<float> dy = {2};
  backward(Logsumexp{}, x, dy, 0, want);
  logsumexp_backward(x, dy, 0, dx);
  EXPECT_EQ(dx, want);
  logmeanexp_backward(x, dy, 0, dx);
  EXPECT_EQ(dx, want);
}

}  // namespace
}  // namespace actfn
