// SPDX-License-Identifier: Apache-2.0
// Gates against their definitions: the value, the gradients and the gradients of those, in 500-bit
// arithmetic with automatic derivatives.
#include <actfn/elementwise.h>
#include <actfn/gated.h>

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "elements.h"
#include "gated/kernels/definition.h"
#include "instances.h"
#include "oracle/gates.h"
#include "placed.h"

namespace actfn {
namespace {

using oracle::GateTruth;
using oracle::Real;
using testing::as;
using testing::drawn;

// Every gate, with its defaults and with other parameters.
std::vector<Gate> gates() {
  std::vector<Gate> all = testing::instances<Gate>();
  for (const Gate& f : {Gate(ClampedSwiglu{1.702, 2.5}), Gate(SwigluStep{2.5}), Gate(Swiglu{1.3}),
                        Gate(Gated{Tanh{}}), Gate(Gated{Swish{1.3}}), Gate(Gated{ReluSquared{}})}) {
    all.push_back(f);
  }
  return all;
}

// The spacing of what T is computed in.
template <Element T>
double fine_spacing(double x) {
  return sizeof(T) == 8 ? testing::spacing<double>(x) : testing::spacing<float>(x);
}

// `ulps` in units of the arithmetic at `want`, `slack` (absolute), and for 16 bits their rounding.
template <Element T>
void expect_near(T got, const Real& want, double ulps, double slack, const std::string& what) {
  const double exact = want.to_double();
  double bound = ulps * fine_spacing<T>(exact) + slack;
  if (sizeof(T) == 2) bound += 0.5 * testing::spacing<T>(exact);
  const double error = std::abs((Real(static_cast<double>(got)) - want).to_double());
  EXPECT_LE(error, bound) << what << ": " << static_cast<double>(got) << " for " << exact;
}

// About their roots derivatives are good to half an ulp of 1.
template <Element T>
double root_error(double factors) {
  return std::abs(factors) * 2 * fine_spacing<T>(1);
}

constexpr std::size_t kCount = 150;

// Inputs of which the first half is the first operand.
template <Element T>
struct Inputs {
  std::vector<T> x = drawn<T>(2 * kCount, 1), dy = drawn<T>(kCount, 2, 1),
                 v = drawn<T>(2 * kCount, 3, 1);
};

template <Element T>
void check_gate(const Gate& gate) {
  const Inputs<T> in;
  std::vector<T> y(kCount), dx(2 * kCount), for_dy(kCount), for_x(2 * kCount);
  forward(gate, in.x, 0, y);
  backward(gate, in.x, in.dy, 0, dx);
  double_backward(gate, in.x, in.dy, in.v, 0, for_dy, for_x);
  for (std::size_t i = 0; i < kCount; ++i) {
    const double a = in.x[i], b = in.x[kCount + i], g = in.dy[i];
    const double va = in.v[i], vb = in.v[kCount + i];
    const GateTruth p = oracle::gate_truth(gate, a, b, sizeof(T) < 8);
    const std::string at = to_string(gate) + " " + kTypeName<T> + " at " + std::to_string(a) +
                           ", " + std::to_string(b);
    const double size = 1 + std::max(std::abs(a), std::abs(b));
    expect_near(y[i], p.y, 2, 0, "y of " + at);
    expect_near(dx[i], Real(g) * p.a, 4, root_error<T>(g * size), "da of " + at);
    expect_near(dx[kCount + i], Real(g) * p.b, 4, root_error<T>(g * size), "db of " + at);
    const double v = std::abs(va) + std::abs(vb);
    expect_near(for_dy[i], Real(va) * p.a + Real(vb) * p.b, 4, root_error<T>(2 * v * size),
                "for_dy of " + at);
    expect_near(for_x[i], Real(g) * (Real(va) * p.aa + Real(vb) * p.ab), 4,
                root_error<T>(2 * v * g * size), "for_a of " + at);
    expect_near(for_x[kCount + i], Real(g) * (Real(va) * p.ab + Real(vb) * p.bb), 4,
                root_error<T>(2 * v * g * size), "for_b of " + at);
  }
}

TEST(Gated, IsItsDefinition) {
  testing::for_each_type([]<class T>() {
    for (const Gate& gate : gates()) check_gate<T>(gate);
  });
}

// Gates without limits are the general one with their activation, to the bit.
TEST(Gated, NamedGatesAreThoseOfTheirActivations) {
  for (const Gate& gate : gates()) {
    const gated::Definition definition = gated::definition_of(gate);
    const gated::Limits& limits = definition.limits;
    if (definition.second_is_gate || limits.a || limits.value || limits.b) continue;
    testing::for_each_type([&]<class T>() {
      const Inputs<T> in;
      std::vector<T> y(kCount), z(kCount), dy(2 * kCount), dz(2 * kCount);
      forward(gate, in.x, 0, y);
      forward(Gated{definition.f}, in.x, 0, z);
      backward(gate, in.x, in.dy, 0, dy);
      backward(Gated{definition.f}, in.x, in.dy, 0, dz);
      EXPECT_EQ(testing::bits(y), testing::bits(z)) << to_string(gate);
      EXPECT_EQ(testing::bits(dy), testing::bits(dz)) << to_string(gate);
    });
  }
}

// f(a), rounded, times b.
TEST(Gated, MultipliesTheValueOfEveryActivation) {
  const Inputs<float> in;
  const std::vector<float> a(in.x.begin(), in.x.begin() + kCount);
  for (const Activation& f :
       {Activation(Softplus{}), Activation(Hardtanh{}), Activation(Sine{}),
        Activation(Threshold{0.1, 20.0}), Activation(Elu{2}), Activation(Gelu{})}) {
    std::vector<float> y(kCount), value(kCount), slope(kCount), dx(2 * kCount);
    forward(Gated{f}, in.x, 0, y);
    backward(Gated{f}, in.x, in.dy, 0, dx);
    forward_with_derivative(f, a, value, slope);
    for (std::size_t i = 0; i < kCount; ++i) {
      const float b = in.x[kCount + i];
      EXPECT_EQ(y[i], value[i] * b) << to_string(f);
      EXPECT_EQ(dx[i], in.dy[i] * b * slope[i]) << to_string(f);
      EXPECT_EQ(dx[kCount + i], in.dy[i] * value[i]) << to_string(f);
    }
  }
}

// The gradient passes at the limits themselves and not beyond.
TEST(Gated, ClampedSwigluAtItsLimits) {
  const float above = std::nextafter(7.0F, 8.0F);
  const std::vector<float> a = {7, above, 1, 1, 1, 1, -9, 7},
                           b = {1, 1, 7, above, -7, -above, 2, 9};
  const std::vector<float> dy(a.size(), 1);
  std::vector<float> da(a.size()), db(a.size());
  backward(ClampedSwiglu{}, a, b, dy, da, db);
  EXPECT_NE(da[0], 0);
  EXPECT_EQ(da[1], 0);
  EXPECT_NE(db[2], 0);
  EXPECT_EQ(db[3], 0);
  EXPECT_NE(db[4], 0);
  EXPECT_EQ(db[5], 0);
  EXPECT_NE(da[6], 0);  // no limit from below
  EXPECT_NE(da[7], 0);
  EXPECT_EQ(db[7], 0);
  std::vector<float> y(a.size());
  forward(ClampedSwiglu{1.702, std::numeric_limits<double>::infinity()}, a, b, y);
  EXPECT_GT(y[7], 69);  // 7 (9 + 1): without a limit
}

// silu(a) is limited, not a, and nothing is added to b.
TEST(Gated, SwigluStepAtItsLimits) {
  std::vector<float> a = {7, 8, -9, 1, 1, 1, 1, 8}, b = {1, 1, 2, 7, 9, -7, -9, 9};
  const std::vector<float> dy(a.size(), 1);
  std::vector<float> y(a.size()), silu(a.size()), da(a.size()), db(a.size());
  forward(SwigluStep{}, a, b, y);
  backward(SwigluStep{}, a, b, dy, da, db);
  forward(Silu{}, a, silu);
  EXPECT_EQ(y, (std::vector<float>{silu[0], 7, silu[2] * 2, silu[3] * 7, silu[4] * 7, silu[5] * -7,
                                   silu[6] * -7, 49}));
  EXPECT_NE(da[0], 0);  // silu(7) < 7
  EXPECT_EQ(da[1], 0);
  EXPECT_NE(da[2], 0);  // no limit from below
  EXPECT_EQ(db, (std::vector<float>{silu[0], 7, silu[2], silu[3], 0, silu[5], 0, 0}));
  // At the limit itself, as a float32.
  const double limit = silu[0];
  backward(SwigluStep{limit}, a, b, dy, da, db);
  EXPECT_NE(da[0], 0);
  backward(SwigluStep{std::nextafter(silu[0], 0.0F)}, a, b, dy, da, db);
  EXPECT_EQ(da[0], 0);
  // Without limits it is swiglu.
  std::vector<float> want(a.size());
  forward(SwigluStep{std::numeric_limits<double>::infinity()}, a, b, y);
  forward(Swiglu{}, a, b, want);
  EXPECT_EQ(y, want);
}

// A NaN in any operand reaches what is made of it; 0 times infinity is one, as IEEE has it.
TEST(Gated, NanInNanOut) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  for (const Gate& gate : gates()) {
    for (const std::size_t n : {1U, 40U}) {
      std::vector<float> a(n, 1), b(n, 1), y(n), da(n), db(n);
      const std::vector<float> dy(n, 1);
      for (const bool first : {true, false}) {
        (first ? a : b).assign(n, nan);
        (first ? b : a).assign(n, 1);
        forward(gate, a, b, y);
        backward(gate, a, b, dy, da, db);
        for (const float v : y) EXPECT_TRUE(std::isnan(v)) << to_string(gate);
        const bool is_gate = first != gated::definition_of(gate).second_is_gate;
        if (is_gate) {
          for (const float v : da) EXPECT_TRUE(std::isnan(v)) << to_string(gate);
          for (const float v : db) EXPECT_TRUE(std::isnan(v)) << to_string(gate);
        }
      }
    }
  }
  std::vector<float> y(1);
  forward(Reglu{}, std::vector{-1.0F}, std::vector{infinity}, y);
  EXPECT_TRUE(std::isnan(y[0]));
  forward(Glu{}, std::vector{infinity}, std::vector{-infinity}, y);
  EXPECT_TRUE(std::isnan(y[0]));
  forward(Glu{}, std::vector{3.0F}, std::vector{-infinity}, y);
  EXPECT_EQ(y[0], 0);
}

}  // namespace
}  // namespace actfn
