// SPDX-License-Identifier: Apache-2.0
// bfloat16 and float16 results for all 65,536 inputs, against float64's kernels, which
// float64_test.cc holds to the oracle; and for a few inputs against the oracle itself.
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include "catalogue/lists.h"
#include "elements.h"
#include "instances.h"
#include "kernels/evaluator.h"
#include "oracle/oracle.h"
#include "sixteen_bits.h"

namespace actfn {
namespace {

using kernels::Evaluator;
using kernels::Order;
using testing::agrees;

constexpr double kNearRoot = 0x1p-24;  // absolute, where a derivative crosses 0
constexpr double kAbout = 0.2;

constexpr Order kOrders[] = {Order::value, Order::derivative, Order::second_derivative};
constexpr double oracle::Truth::*kTruths[] = {&oracle::Truth::value, &oracle::Truth::first,
                                              &oracle::Truth::second};

// Whether the derivative changes its sign about x.
bool near_root(const Evaluator& f, Order order, double x) {
  const double xs[] = {x - kAbout, x + kAbout};
  double ys[2];
  f.map(order, xs, ys, 2);
  return order != Order::value && ys[0] * ys[1] < 0;
}

template <class T>
std::string first_wrong(const Activation& f, Order order, const std::vector<T>& x) {
  const std::vector<double> wide(x.begin(), x.end());
  std::vector<double> want(x.size());
  std::vector<T> got(x.size());
  const Evaluator exact(functions::rounded_to_float32(f), Type::float64);
  exact.map(order, wide.data(), want.data(), x.size());
  Evaluator(f, kTypeOf<T>).map(order, x.data(), got.data(), x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (agrees(got[i], want[i])) continue;
    if (near_root(exact, order, wide[i]) && agrees(got[i], want[i], kNearRoot)) continue;
    char text[128];
    std::snprintf(text, sizeof text, "at %a: got %a, float64 %a", wide[i],
                  static_cast<double>(float{got[i]}), want[i]);
    return text;
  }
  return "";
}

class SixteenBits : public ::testing::TestWithParam<Activation> {
 protected:
  template <class T>
  static void every_input() {
    std::vector<T> x;
    for (unsigned u = 0; u < 0x10000; ++u) {
      x.push_back(std::bit_cast<T>(static_cast<std::uint16_t>(u)));
    }
    for (const Order order : kOrders) {
      EXPECT_EQ(first_wrong(GetParam(), order, x), "")
          << kTypeName<T> << ", order " << static_cast<int>(order);
    }
  }

  template <class T>
  static void some_inputs() {
    const Evaluator f(GetParam(), kTypeOf<T>);
    for (unsigned u = 0; u < 0x10000; u += 641) {
      const auto x = std::bit_cast<T>(static_cast<std::uint16_t>(u));
      if (!std::isfinite(float{x})) continue;
      const auto truth = oracle::truth(GetParam(), float{x});
      for (std::size_t k = 0; k < 3; ++k) {
        if (std::isnan(truth.second)) continue;  // e^x left the oracle's range
        T y;
        f.map(kOrders[k], &x, &y, 1);
        EXPECT_TRUE(agrees(y, truth.*kTruths[k], k == 0 ? 0 : kNearRoot))
            << kTypeName<T> << ", order " << k << ", at " << float{x} << ": " << float{y} << ", "
            << truth.*kTruths[k];
      }
    }
  }
};

TEST_P(SixteenBits, EveryResultIsTheTruthRoundedOnce) {
  every_input<bfloat16>();
  every_input<float16>();
  some_inputs<bfloat16>();
  some_inputs<float16>();
}

INSTANTIATE_TEST_SUITE_P(All, SixteenBits, ::testing::ValuesIn(testing::instances()),
                         [](const auto& test) { return testing::test_name(test.param); });

}  // namespace
}  // namespace actfn
