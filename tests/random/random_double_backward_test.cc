// SPDX-License-Identifier: Apache-2.0
// The gradients of the second order of random activations.
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "elements.h"
#include "noise.h"

namespace actfn {
namespace {

using testing::as;
using testing::bits_of;
using testing::for_each_type;
using testing::gradient;
using testing::plain;
using testing::random_activations;

constexpr Noise kNoise = {77, 1234567890123};

// for_dy is what backward() gives for v. backward() does not change with x, except where x crosses
// a kink, so that for_x is 0.
TEST(RandomActivation, DoubleBackwardIsTheGradientOfBackward) {
  for_each_type([]<class T>() {
    const auto x = plain<T>(2000);
    const std::vector<T> dy(x.rbegin(), x.rend());
    auto v = x;
    std::rotate(v.begin(), v.begin() + 7, v.end());
    const std::vector<T> near = [&] {
      auto all = x;
      for (T& a : all) a = as<T>(double{a} * (1 + 0x1p-6));
      return all;
    }();
    for (const auto& f : random_activations()) {
      std::vector<T> for_dy(x.size()), for_x(x.size(), as<T>(5));
      double_backward(f, x, dy, v, kNoise, for_dy, for_x);
      EXPECT_EQ(bits_of(for_dy), bits_of(gradient(f, x, v, kNoise))) << to_string(f);
      const auto here = gradient(f, x, dy, kNoise), there = gradient(f, near, dy, kNoise);
      std::size_t same = 0;
      for (std::size_t i = 0; i < x.size(); ++i) {
        ASSERT_EQ(double{for_x[i]}, 0) << to_string(f);
        if (double{here[i]} == double{there[i]}) ++same;
      }
      EXPECT_GT(same, 1900U) << to_string(f);
    }
  });
}

TEST(RandomActivation, DoubleBackwardKeepsNan) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> x = {nan, 1, 1, 1}, dy = {1, nan, 1, 1}, v = {1, 1, nan, 1};
  for (const auto& f : random_activations()) {
    std::vector<double> for_dy(4), for_x(4);
    double_backward(f, x, dy, v, kNoise, for_dy, for_x);
    const std::vector<bool> want_dy = {true, false, true, false};
    const std::vector<bool> want_x = {true, true, true, false};
    for (std::size_t i = 0; i < 4; ++i) {
      EXPECT_EQ(std::isnan(for_dy[i]), want_dy[i]) << to_string(f) << ", " << i;
      EXPECT_EQ(std::isnan(for_x[i]), want_x[i]) << to_string(f) << ", " << i;
    }
  }
}

// Outputs may be inputs, also of each other.
TEST(RandomActivation, DoubleBackwardWorksInPlace) {
  for_each_type([]<class T>() {
    const auto x = plain<T>(1300);
    const std::vector<T> dy(x.rbegin(), x.rend());
    auto v = x;
    std::rotate(v.begin(), v.begin() + 7, v.end());
    v[3] = as<T>(std::numeric_limits<double>::quiet_NaN());
    const Rrelu f;
    std::vector<T> for_dy(x.size()), for_x(x.size());
    double_backward(f, x, dy, v, kNoise, for_dy, for_x);
    for (std::size_t a = 0; a < 3; ++a) {
      for (std::size_t b = 0; b < 3; ++b) {
        if (a == b) continue;
        std::vector<std::vector<T>> in = {x, dy, v};
        double_backward(f, in[0], in[1], in[2], kNoise, in[a], in[b]);
        EXPECT_EQ(bits_of(in[a]), bits_of(for_dy)) << a << ", " << b;
        EXPECT_EQ(bits_of(in[b]), bits_of(for_x)) << a << ", " << b;
      }
    }
  });
}

}  // namespace
}  // namespace actfn
