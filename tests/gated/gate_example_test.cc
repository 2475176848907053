// SPDX-License-Identifier: Apache-2.0
// The gate of docs/adding.md's examples: it compiles as it is printed, and its activation and its
// limits, which kernels compute with, give what its definition says.
#include <actfn/elementwise.h>
#include <gtest/gtest.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <limits>

#include "gated/kernels/gate_file.h"
#include "oracle/jet.h"
#include "worked_example.h"

namespace actfn {
// silu(g) l, g = min(a, limit), l = min(max(b, -limit), limit). The form of DeepSeek-V4. The
// gradient passes at the limits themselves and is 0 beyond; limit is positive, and may be
// infinite.
struct LimitedSwiglu {
  double limit = 10;
  bool operator==(const LimitedSwiglu&) const = default;
};
}  // namespace actfn

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {
#include "worked_example/limited_swiglu.h"
}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

namespace actfn {
namespace {

using Example = HWY_NAMESPACE::GateMath<LimitedSwiglu>;
using oracle::Jet;
static_assert(std::same_as<decltype(Example::GateFunction({})), Silu>);
static_assert(!Example::kSecondIsGate);

constexpr double kNone = std::numeric_limits<double>::infinity();

// y and its derivatives by a and b, of what the file says of the gate: see
// gated/kernels/definition.h.
struct Values {
  double y, a, b;
};
Values values(const LimitedSwiglu& p, double a, double b) {
  const Activation f = Example::GateFunction(p);
  const gated::Limits limits = Example::LimitsOf(p);
  const double most_a = limits.a.value_or(kNone), most = limits.value.value_or(kNone);
  const double most_b = limits.b.value_or(kNone);
  const double g[] = {std::min(a, most_a)};
  double value[1], slope[1];
  forward(f, g, value);
  derivative(f, g, slope);
  const double second = std::clamp(b, -most_b, most_b) + limits.added;
  return {std::min(value[0], most) * second,
          a <= most_a && value[0] <= most ? slope[0] * second : 0,
          std::abs(b) <= most_b ? std::min(value[0], most) : 0};
}

void expect_near(double got, const oracle::Real& want, double a, double b) {
  const double exact = want.to_double();
  EXPECT_NEAR(got, exact, 4 * std::numeric_limits<double>::epsilon() * std::abs(exact))
      << a << ", " << b;
}

void check(const LimitedSwiglu& p, double a, double b) {
  const Jet one = {oracle::Real(a), 1, 0}, other = {oracle::Real(b), 1, 0};
  const Jet by_a = Example::Reference(p, one, Jet(b)), by_b = Example::Reference(p, Jet(a), other);
  const Values got = values(p, a, b);
  expect_near(got.y, by_a.v, a, b);
  expect_near(got.a, by_a.d1, a, b);
  expect_near(got.b, by_b.d1, a, b);
}

TEST(GateExample, IsItsDefinition) {
  for (const double limit : {10.0, 2.5, 0.25, kNone}) {
    for (const double a :
         {-700.0, -30.0, -4.0, -0.5, -1e-20, 0.0, 0.125, 2.5, 3.0, 9.9, 10.0, 40.0}) {
      for (const double b : {-1e30, -11.0, -2.5, -1.0, 0.0, 1e-20, 0.25, 2.0, 10.0, 700.0}) {
        check({limit}, a, b);
      }
    }
  }
}

TEST(GateExample, IsInTheDocument) {
  testing::expect_described<Example>();
  testing::expect_printed("tests/gated/worked_example/limited_swiglu.h",
                          "tests/gated/gate_example_test.cc", "docs/adding.md");
}

}  // namespace
}  // namespace actfn
