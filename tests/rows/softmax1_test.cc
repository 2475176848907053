// SPDX-License-Identifier: Apache-2.0
// softmax1: what its sink does, and the gradient by it.
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
const double kSinks[] = {0, 1, -3, 20, -50, 88, -104, 300, -700, 1e4, -1e4};

TEST(Softmax1, IsExactForAnySink) {
  for_each_type([]<class T>() {
    for (const double sink : kSinks) {
      for (const double spread : {0.1, 3.0, 60.0}) {
        const auto x = normal_row<T>(70, 0, spread, 1);
        std::vector<T> y(70);
        softmax1(x, sink, 0, y);
        const Row want = oracle::row_values(Softmax1{sink}, widened(x));
        for (std::size_t i = 0; i < 70; ++i) {
          const auto exact = static_cast<double>(want[i]);
          EXPECT_LE(std::abs(static_cast<double>(y[i]) - exact), 2 * testing::spacing<T>(exact))
              << kTypeName<T> << ", sink " << sink << ", element " << i;
        }
      }
    }
  });
}

TEST(Softmax1, TakesTheLargestNumbers) {
  const double far = 3e38;
  for_each_type([&]<class T>() {
    const std::vector<T> x = {as<T>(0), as<T>(1), as<T>(1)};
    std::vector<T> y(3);
    softmax1(x, far, 0, y);
    for (const T v : y) EXPECT_EQ(static_cast<double>(v), 0);
    softmax1(x, -far, 0, y);
    std::vector<T> want(3);
    softmax(x, 0, want);
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_NEAR(static_cast<double>(y[i]), static_cast<double>(want[i]),
                  testing::spacing<T>(0.5));
    }
  });
  const std::vector<double> x = {-1.7e308, 1.7e308};
  std::vector<double> y(2);
  softmax1(x, -3e38, 0, y);
  EXPECT_EQ(y, (std::vector<double>{0, 1}));
}

TEST(Softmax1, OfNothingIsZero) {
  for_each_type([]<class T>() {
    const std::vector<T> x(5, as<T>(1));
    std::vector<T> y(5, as<T>(7)), dx(5, as<T>(7));
    const std::vector<std::uint8_t> mask(5, 0);
    softmax1(x, 0, 0, y, {.mask = ConstMask(mask.data(), {5})});
    backward(Softmax1{}, y, x, 0, dx);
    for (const T v : y) EXPECT_EQ(static_cast<double>(v), 0);
    for (const T v : dx) EXPECT_EQ(static_cast<double>(v), 0);
  });
}

// dsink = d/dsink sum(y dy), by differences of the definition.
long double by_differences(const Row& x, const Row& dy, double sink) {
  const auto at = [&](double moved) {
    const Row y = oracle::row_values(Softmax1{moved}, x);
    long double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i) sum += y[i] * dy[i];
    return sum;
  };
  const double h = 0x1p-9;
  return (8 * (at(sink + h) - at(sink - h)) - (at(sink + 2 * h) - at(sink - 2 * h))) /
         (12 * static_cast<long double>(h));
}

TEST(Softmax1, GradientByItsSinkIsThatOfTheDefinition) {
  for_each_type([]<class T>() {
    for (const double sink : {0.0, 0.75, -2.5, 6.0, -12.0, 15.0}) {
      const auto x = normal_row<T>(33, 0, 2, 3), dy = normal_row<T>(33, 0, 1, 4);
      std::vector<T> dsink(1);
      softmax1_sink_backward({sink}, x, dy, 0, dsink);
      const auto want = static_cast<double>(by_differences(widened(x), widened(dy), sink));
      // The differences themselves are known to 1e-16.
      EXPECT_NEAR(static_cast<double>(dsink[0]), want,
                  1e-9 * std::abs(want) + 1e-16 + testing::spacing<T>(want))
          << kTypeName<T> << ", sink " << sink;
    }
  });
}

// The sink's probability is far below the rounding of y: 1 - sum(y) would be 0 or wrong.
TEST(Softmax1, GradientByItsSinkKeepsSmallProbabilities) {
  for (const double sink : {-30.0, -60.0, -300.0, -740.0}) {
    const std::vector<double> x = {0.5, 1, -0.25}, dy = {1, 2, -0.5};
    std::vector<double> dsink(1);
    softmax1_sink_backward({sink}, x, dy, 0, dsink);
    const Row y = oracle::row_values(Softmax1{sink}, widened(x));
    const long double p = y[0] * std::exp(static_cast<long double>(sink) - 0.5L);
    const auto want = static_cast<double>(-p * (y[0] + 2 * y[1] - 0.5L * y[2]));
    EXPECT_NEAR(dsink[0], want, 4 * testing::spacing<double>(want)) << sink;
  }
}

TEST(Softmax1, GradientByItsSinkOfSpecials) {
  const auto of = [](const std::vector<double>& x, const std::vector<double>& dy) {
    std::vector<double> dsink(1, 7);
    softmax1_sink_backward({}, x, dy, 0, dsink);
    return dsink[0];
  };
  const double nan = std::nan("");
  EXPECT_EQ(of({-kInf, -kInf}, {1, nan}), 0);
  EXPECT_EQ(of({kInf, 1}, {1, nan}), 0);  // the sink's probability is 0
  EXPECT_TRUE(std::isnan(of({nan, 1}, {1, 1})));
  EXPECT_EQ(of({-kInf, 1}, {nan, 2}), of({1}, {2}));
  EXPECT_TRUE(std::isnan(of({0, 1}, {nan, 2})));
}

TEST(Softmax1, GradientByItsSinkTakesMasksAndAxes) {
  const Shape shape = {3, 4};
  const auto x = normal_row<float>(12, 0, 1, 5), dy = normal_row<float>(12, 0, 1, 6);
  const std::vector<std::uint8_t> mask = {1, 0, 1, 1};
  std::vector<float> kept(3), without(3);
  const RowOptions options = {.mask = ConstMask(mask.data(), {4})};
  softmax1_sink_backward({0.5}, {x, shape}, {dy, shape}, 1, {kept, {3, 1}}, options);
  softmax1_sink_backward({0.5}, {x, shape}, {dy, shape}, -1, {without, {3}}, options);
  EXPECT_EQ(kept, without);
  for (std::size_t r = 0; r < 3; ++r) {
    std::vector<float> few, few_dy, want(1);
    for (std::size_t i = 0; i < 4; ++i) {
      if (mask[i] == 0) continue;
      few.push_back(x[4 * r + i]);
      few_dy.push_back(dy[4 * r + i]);
    }
    softmax1_sink_backward({0.5}, few, few_dy, 0, want);
    EXPECT_FLOAT_EQ(kept[r], want[0]);
  }
}

}  // namespace
}  // namespace actfn
