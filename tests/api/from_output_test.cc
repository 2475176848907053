// SPDX-License-Identifier: Apache-2.0
// Gradients from the output, for every activation that has them, against those from the input: the
// same where the catalogue says "Exact"; otherwise an output's rounding away from them.
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "calls.h"
#include "instances.h"
#include "operations.h"

namespace actfn {
namespace {

using testing::as;
using testing::for_each_type;

// Errors allowed, in units of the last bit of 1: of the whole derivative's size, and where the
// output is said to tell as much as the input, of each number.
constexpr double kMaxUlps = 4;

template <class T>
constexpr double epsilon() {
  return testing::spacing<T>(1);
}

template <class T>
std::vector<T> slopes(const Activation& f, const std::vector<T>& x) {
  std::vector<T> slope(x.size());
  derivative(f, x, slope);
  return slope;
}

template <class T>
std::vector<T> slopes_from(const Activation& f, const std::vector<T>& y) {
  const std::vector<T> ones(y.size(), as<T>(1));
  std::vector<T> slope(y.size());
  backward_from_output(f, y, ones, slope);
  return slope;
}

template <class T>
std::vector<T> values(const Activation& f, const std::vector<T>& x) {
  std::vector<T> y(x.size());
  forward(f, x, y);
  return y;
}

// Numbers where activations bend.
template <class T>
std::vector<T> near_zero() {
  auto x = testing::inputs<T>(2000, 9);
  std::erase_if(x, [](T v) { return !(std::abs(static_cast<double>(v)) <= 20); });
  return x;
}

class FromOutput : public ::testing::TestWithParam<Activation> {
 protected:
  static std::string_view says() { return info(GetParam()).from_output; }

  template <class T>
  static bool rounds_to_a_bound(T x) {
    const auto y = static_cast<double>(values<T>(GetParam(), {x})[0]);
    return y == 1 || (y == 0 && std::abs(static_cast<double>(x)) < testing::least_normal<T>());
  }

  // Where the type rounds a bound, the output can't tell the bound from what lies just inside.
  template <class T>
  static bool holds_parameters() {
    const auto held = [](const ParameterInfo& p) {
      const double single = static_cast<float>(p.get(GetParam()));
      return static_cast<double>(as<T>(single)) == single;
    };
    return sizeof(T) > 2 || std::ranges::all_of(info(GetParam()).parameters, held);
  }

  template <class T>
  static void expect_exact() {
    if (!holds_parameters<T>()) return;
    auto x = testing::inputs<T>(1000, 9);
    // "Exact but for the last inputs before the upper bound, whose outputs round to 1"
    if (says().starts_with("Exact but")) std::erase_if(x, rounds_to_a_bound<T>);
    const auto got = slopes_from(GetParam(), values(GetParam(), x));
    const auto want = slopes(GetParam(), x);
    EXPECT_EQ(testing::canonical_bits(got.data(), got.size()),
              testing::canonical_bits(want.data(), want.size()))
        << kTypeName<T>;
  }

  template <class T>
  static void expect_close() {
    const auto x = near_zero<T>();
    const auto y = values(GetParam(), x);
    const auto want = slopes(GetParam(), x);
    const auto got = slopes_from(GetParam(), y);
    const bool relative = says().ends_with("s exact as the output.");
    double size = 1;
    for (const T v : want) size = std::max(size, std::abs(static_cast<double>(v)));
    for (std::size_t i = 0; i < x.size(); ++i) {
      const auto slope = static_cast<double>(want[i]);
      const double output = std::abs(static_cast<double>(y[i]));
      const bool tiny = std::min(output, std::abs(slope)) < testing::least_normal<T>();
      if (std::isinf(output) || (relative && tiny)) continue;
      EXPECT_NEAR(static_cast<double>(got[i]), slope,
                  kMaxUlps * epsilon<T>() * (relative ? std::abs(slope) : size))
          << kTypeName<T> << " at " << static_cast<double>(x[i]);
      EXPECT_GE(static_cast<double>(got[i]) * slope, 0) << "of another sign";
    }
  }

  template <class T>
  static void expect_limits() {
    const double infinity = std::numeric_limits<double>::infinity();
    const std::vector<T> x = {as<T>(infinity), as<T>(-infinity),
                              as<T>(std::numeric_limits<double>::quiet_NaN())};
    const auto got = slopes_from(GetParam(), values(GetParam(), x));
    const auto want = slopes(GetParam(), x);
    for (std::size_t i = 0; i < 2; ++i) {
      const auto limit = static_cast<double>(want[i]);
      const double bound = std::isinf(limit) ? 0 : kMaxUlps * epsilon<T>() * std::max(1.0, limit);
      EXPECT_TRUE(got[i] == want[i] || std::abs(static_cast<double>(got[i]) - limit) <= bound)
          << kTypeName<T> << ", " << static_cast<double>(x[i]);
      EXPECT_GE(static_cast<double>(got[i]), 0);
    }
    EXPECT_TRUE(std::isnan(static_cast<double>(got[2]))) << kTypeName<T>;
  }
};

TEST_P(FromOutput, AgreesWithTheDerivative) {
  for_each_type([]<class T>() {
    if (says().starts_with("Exact")) return expect_exact<T>();
    expect_close<T>();
    expect_limits<T>();
  });
}

INSTANTIATE_TEST_SUITE_P(All, FromOutput, ::testing::ValuesIn([] {
                           auto able = testing::instances();
                           std::erase_if(able, std::not_fn(testing::has_output_form));
                           return able;
                         }()),
                         [](const auto& test) { return testing::test_name(test.param); });

}  // namespace
}  // namespace actfn
