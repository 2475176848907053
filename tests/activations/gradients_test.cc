// SPDX-License-Identifier: Apache-2.0
// What is made of a value and its derivatives, for every type: backward, double backward, bias and
// activation, one pass for both. 16-bit types multiply and add as float32 and round once; the
// factors of backward may have errors that do not show in 16 bits.
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include "elements.h"
#include "instances.h"
#include "sixteen_bits.h"

namespace actfn {
namespace {

using testing::as;
using testing::bits;
using testing::for_each_type;

// What sums and products of T are computed in.
template <class T>
using Wide = std::conditional_t<sizeof(T) == 8, double, float>;

template <class T>
std::vector<Wide<T>> widened(const std::vector<T>& x) {
  return {x.begin(), x.end()};
}

template <class T>
std::vector<T> narrowed(const std::vector<Wide<T>>& x) {
  std::vector<T> y;
  for (const auto v : x) y.push_back(T(v));
  return y;
}

// 0, 1, … modulo `period`, less its half.
template <class T>
std::vector<T> saw(std::size_t n, std::size_t period) {
  std::vector<T> x;
  for (std::size_t i = 0; i < n; ++i) {
    x.push_back(as<T>(static_cast<double>(i % period) - static_cast<double>(period) / 2));
  }
  return x;
}

template <class T>
struct Case {
  std::vector<T> x = testing::inputs<T>(1100, 3);
  std::vector<T> dy = saw<T>(x.size(), 5);
  std::vector<T> v = saw<T>(x.size(), 7);
  std::vector<Wide<T>> first = std::vector<Wide<T>>(x.size());
  std::vector<Wide<T>> second = first;

  explicit Case(const Activation& f) {
    derivative(f, widened(x), first);
    second_derivative(f, widened(x), second);
  }
};

class Gradients : public ::testing::TestWithParam<Activation> {};

TEST_P(Gradients, BackwardIsTheProductWithTheDerivative) {
  for_each_type([]<class T>() {
    const Case<T> c(GetParam());
    auto want = c.first;
    for (std::size_t i = 0; i < want.size(); ++i) want[i] = Wide<T>{c.dy[i]} * want[i];
    std::vector<T> dx(c.x.size());
    backward(GetParam(), c.x, c.dy, dx);
    if constexpr (sizeof(T) == 2) {
      for (std::size_t i = 0; i < dx.size(); ++i) {
        EXPECT_TRUE(testing::agrees(dx[i], double{want[i]}))
            << kTypeName<T> << " at " << float{c.x[i]} << ": " << float{dx[i]} << ", " << want[i];
      }
    } else {
      EXPECT_EQ(bits(dx), bits(want)) << kTypeName<T>;
    }
  });
}

TEST_P(Gradients, DoubleBackwardIsItsFormula) {
  for_each_type([]<class T>() {
    const Case<T> c(GetParam());
    auto for_dy = c.first;
    auto for_x = c.second;
    for (std::size_t i = 0; i < for_x.size(); ++i) {
      for_dy[i] *= Wide<T>{c.v[i]};
      for_x[i] *= Wide<T>{c.v[i]} * Wide<T>{c.dy[i]};
    }
    std::vector<T> got_dy(c.x.size());
    std::vector<T> got_x(c.x.size());
    double_backward(GetParam(), c.x, c.dy, c.v, got_dy, got_x);
    EXPECT_EQ(bits(got_dy), bits(narrowed<T>(for_dy))) << kTypeName<T>;
    EXPECT_EQ(bits(got_x), bits(narrowed<T>(for_x))) << kTypeName<T>;
  });
}

TEST_P(Gradients, OnePassGivesTheBitsOfTwo) {
  for_each_type([]<class T>() {
    const auto x = testing::inputs<T>(1100, 3);
    std::vector<T> y(x.size());
    std::vector<T> slope(x.size());
    std::vector<T> got_y(x.size());
    std::vector<T> got_slope(x.size());
    forward(GetParam(), x, y);
    derivative(GetParam(), x, slope);
    forward_with_derivative(GetParam(), x, got_y, got_slope);
    EXPECT_EQ(bits(got_y), bits(y)) << kTypeName<T>;
    EXPECT_EQ(bits(got_slope), bits(slope)) << kTypeName<T>;
  });
}

TEST_P(Gradients, BiasForwardIsSumThenValue) {
  for_each_type([]<class T>() {
    const std::size_t columns = 19;
    auto z = testing::inputs<T>(20 * columns, 3);
    z.resize(z.size() / columns * columns);
    const std::vector<T> bias(z.rbegin(), z.rbegin() + columns);
    std::vector<T> sum;
    for (std::size_t i = 0; i < z.size(); ++i) {
      sum.push_back(T(Wide<T>{z[i]} + Wide<T>{bias[i % columns]}));
    }
    std::vector<T> want(z.size());
    forward(GetParam(), sum, want);
    auto in_place = z;
    std::vector<T> y(z.size());
    bias_forward(GetParam(), bias, z, y);
    EXPECT_EQ(bits(z), bits(sum)) << kTypeName<T>;
    EXPECT_EQ(bits(y), bits(want)) << kTypeName<T>;
    bias_forward(GetParam(), bias, in_place, in_place);
    EXPECT_EQ(bits(in_place), bits(want)) << kTypeName<T>;
  });
}

INSTANTIATE_TEST_SUITE_P(All, Gradients, ::testing::ValuesIn(testing::examples()),
                         [](const auto& test) { return testing::test_name(test.param); });

}  // namespace
}  // namespace actfn
