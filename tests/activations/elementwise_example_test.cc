// SPDX-License-Identifier: Apache-2.0
// The elementwise example of CONTRIBUTING.md: it compiles as it is printed, and computes what its
// definition says.
#include <gtest/gtest.h>
#include <hwy/highway.h>

#include <cmath>
#include <limits>

#include "kernels/formulas.h"
#include "oracle/jet.h"
#include "worked_example.h"

namespace actfn {
struct Rootsig {
  double slope = 1;
  bool operator==(const Rootsig&) const = default;
};
}  // namespace actfn

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {
#include "worked_example/rootsig.h"
}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#include "kernels/loops.h"

namespace actfn {
namespace {

namespace target = HWY_NAMESPACE;
using Example = target::Math<Rootsig>;

template <target::Order order, class T>
T evaluate(const Rootsig& f, T x) {
  T y = 0;
  target::MapExactly<order, Rootsig, T>(&f, &x, &y, 1);
  return y;
}

template <class T>
void expect_near(T got, const oracle::Real& want, T x) {
  if (got == static_cast<T>(want.to_double())) return;  // it may be infinite
  const T ulp = std::nextafter(std::abs(got), std::numeric_limits<T>::infinity()) - std::abs(got);
  const double error = (oracle::Real(static_cast<double>(got)) - want).to_double();
  EXPECT_LE(std::abs(error), 2 * static_cast<double>(ulp)) << got << " at " << x;
}

template <class T>
void check(const Rootsig& f, T x) {
  oracle::Real::bits() = 2500;  // derivatives of the quotient cancel far out
  const auto want = Example::Reference(f, oracle::Jet::Variable(static_cast<double>(x)));
  expect_near(evaluate<target::Order::value>(f, x), want.v, x);
  expect_near(evaluate<target::Order::derivative>(f, x), want.d1, x);
  expect_near(evaluate<target::Order::second_derivative>(f, x), want.d2, x);
}

template <class T>
class ElementwiseExample : public ::testing::Test {};
using Types = ::testing::Types<float, double>;
TYPED_TEST_SUITE(ElementwiseExample, Types);

// From the least subnormal to the largest number.
TYPED_TEST(ElementwiseExample, IsItsDefinition) {
  using Limits = std::numeric_limits<TypeParam>;
  for (const double slope : {1.0, 0.25, 8.0, 1e-30, 1e30}) {
    for (int exponent = Limits::min_exponent - Limits::digits; exponent < Limits::max_exponent;
         ++exponent) {
      const TypeParam x = std::ldexp(TypeParam(1.37), exponent);
      check({slope}, x);
      check({slope}, -x);
    }
  }
}

TYPED_TEST(ElementwiseExample, HasItsLimits) {
  const auto infinity = std::numeric_limits<TypeParam>::infinity();
  EXPECT_EQ(evaluate<target::Order::value>({}, infinity), TypeParam(1));
  EXPECT_EQ(evaluate<target::Order::value>({}, -infinity), TypeParam(-1));
  EXPECT_EQ(evaluate<target::Order::derivative>({}, infinity), TypeParam(0));
  EXPECT_EQ(evaluate<target::Order::second_derivative>({}, -infinity), TypeParam(0));
  EXPECT_EQ(evaluate<target::Order::derivative>({}, TypeParam(0)), TypeParam(0.5));
  EXPECT_TRUE(std::signbit(evaluate<target::Order::value>({}, TypeParam(-0.0))));
  EXPECT_TRUE(
      std::isnan(evaluate<target::Order::value>({}, std::numeric_limits<TypeParam>::quiet_NaN())));
}

TEST(ElementwiseExampleText, IsInTheDocument) {
  testing::expect_described<Example>();
  testing::expect_printed("tests/activations/worked_example/rootsig.h",
                          "tests/activations/elementwise_example_test.cc", "CONTRIBUTING.md");
}

}  // namespace
}  // namespace actfn
