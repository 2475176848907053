// Gates against their definitions: the value, the gradients and the gradients of those by finite
// differences in 500-bit arithmetic.
#include <actfn/elementwise.h>
#include <actfn/gated.h>

#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "elements.h"
#include "oracle/real.h"
#include "placed.h"

namespace actfn {
namespace {

using oracle::Real;
using testing::as;
using testing::drawn;

Real exp(const Real& x) { return x.map(mpfr_exp); }
Real sigmoid(const Real& x) { return Real(1.0) / (Real(1.0) + exp(-x)); }
Real relu(const Real& x) { return x.compare(0.0) > 0 ? x : Real(0.0); }
Real least(const Real& x, const Real& y) { return x.compare(y) < 0 ? x : y; }
Real swish(const Real& x, double beta) { return x * sigmoid(x * beta); }

Real gelu(const Real& x) { return x * (-x / Real(2.0).map(mpfr_sqrt)).map(mpfr_erfc) / Real(2.0); }

Real gelu_tanh(const Real& x) {
  const Real root = (Real(2.0) / Real::Pi()).map(mpfr_sqrt);
  const Real inner = root * (x + Real(oracle::Real("0.044715")) * x * x * x);
  return Real(0.5) * x * (Real(1.0) + inner.map(mpfr_tanh));
}

Real mish(const Real& x) { return x * exp(x).map(mpfr_log1p).map(mpfr_tanh); }

Real clamped(const Real& a, const Real& b, double alpha, double limit) {
  const Real l = -least(-least(b, limit), limit);
  return swish(least(a, limit), alpha) * (l + Real(1.0));
}

struct Case {
  Gate gate;
  std::function<Real(const Real&, const Real&)> y;
};

// As float64 arrays read the parameters, or as all others do.
std::vector<Case> cases(bool single) {
  const auto number = [single](double v) { return single ? static_cast<float>(v) : v; };
  const auto f_of_a = [](auto f) { return [f](const Real& a, const Real& b) { return f(a) * b; }; };
  const double beta = number(1.3), alpha = number(1.702);
  return {
      {Glu{}, [](const Real& a, const Real& b) { return a * sigmoid(b); }},
      {Bilinear{}, [](const Real& a, const Real& b) { return a * b; }},
      {Reglu{}, f_of_a(relu)},
      {Geglu{}, f_of_a(gelu)},
      {Geglu{Gelu::Approximate::tanh}, f_of_a(gelu_tanh)},
      {Swiglu{}, f_of_a([](const Real& x) { return swish(x, 1); })},
      {Swiglu{1.3}, f_of_a([beta](const Real& x) { return swish(x, beta); })},
      {ClampedSwiglu{}, [alpha](const Real& a, const Real& b) { return clamped(a, b, alpha, 7); }},
      {ClampedSwiglu{1.702, 2.5},
       [alpha](const Real& a, const Real& b) { return clamped(a, b, alpha, 2.5); }},
      {Gated{Mish{}}, f_of_a(mish)},
      {Gated{Tanh{}}, f_of_a([](const Real& x) { return x.map(mpfr_tanh); })},
      {Gated{Swish{1.3}}, f_of_a([beta](const Real& x) { return swish(x, beta); })},
      {Gated{ReluSquared{}}, f_of_a([](const Real& x) { return relu(x) * relu(x); })},
  };
}

// y and its derivatives: error 2^-200, unless a kink is nearer than 2^-120.
struct Partials {
  Real y, a, b, aa, ab, bb;
};

Partials partials(const Case& c, double a, double b) {
  const Real h(0x1p-120), two(2.0);
  const auto y = [&](int i, int k) { return c.y(Real(a) + h * Real(i), Real(b) + h * Real(k)); };
  const Real here = y(0, 0);
  return {here,
          (y(1, 0) - y(-1, 0)) / (two * h),
          (y(0, 1) - y(0, -1)) / (two * h),
          (y(1, 0) - two * here + y(-1, 0)) / (h * h),
          (y(1, 1) - y(1, -1) - y(-1, 1) + y(-1, -1)) / (two * two * h * h),
          (y(0, 1) - two * here + y(0, -1)) / (h * h)};
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

// Finite differences at a kink are none: 16-bit numbers hit those of the cases.
template <Element T>
std::vector<T> off_kinks(std::vector<T> xs) {
  for (T& x : xs) {
    const double size = std::abs(static_cast<double>(x));
    if (size == 0 || size == 2.5 || size == 7) x = as<T>(1.25);
  }
  return xs;
}

// Inputs of which the first half is the first operand.
template <Element T>
struct Inputs {
  std::vector<T> x = off_kinks(drawn<T>(2 * kCount, 1)), dy = drawn<T>(kCount, 2, 1),
                 v = drawn<T>(2 * kCount, 3, 1);
};

template <Element T>
void check_case(const Case& c) {
  const Inputs<T> in;
  std::vector<T> y(kCount), dx(2 * kCount), for_dy(kCount), for_x(2 * kCount);
  forward(c.gate, in.x, 0, y);
  backward(c.gate, in.x, in.dy, 0, dx);
  double_backward(c.gate, in.x, in.dy, in.v, 0, for_dy, for_x);
  for (std::size_t i = 0; i < kCount; ++i) {
    const double a = in.x[i], b = in.x[kCount + i], g = in.dy[i];
    const double va = in.v[i], vb = in.v[kCount + i];
    const Partials p = partials(c, a, b);
    const std::string at = to_string(c.gate) + " " + kTypeName<T> + " at " + std::to_string(a) +
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
    for (const Case& c : cases(sizeof(T) < 8)) check_case<T>(c);
  });
}

// The named gates are the general one with an activation of the list, to the bit.
TEST(Gated, NamedGatesAreThoseOfTheirActivations) {
  const std::vector<std::pair<Gate, Activation>> pairs = {{Bilinear{}, Identity{}},
                                                          {Reglu{}, Relu{}},
                                                          {Geglu{}, Gelu{}},
                                                          {Swiglu{}, Silu{}},
                                                          {Swiglu{1.5}, Swish{1.5}}};
  testing::for_each_type([&]<class T>() {
    const Inputs<T> in;
    for (const auto& [gate, f] : pairs) {
      std::vector<T> y(kCount), z(kCount), dy(2 * kCount), dz(2 * kCount);
      forward(gate, in.x, 0, y);
      forward(Gated{f}, in.x, 0, z);
      backward(gate, in.x, in.dy, 0, dy);
      backward(Gated{f}, in.x, in.dy, 0, dz);
      EXPECT_EQ(testing::bits(y), testing::bits(z)) << to_string(gate);
      EXPECT_EQ(testing::bits(dy), testing::bits(dz)) << to_string(gate);
    }
  });
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

// The gradient passes at the limits themselves, as through PyTorch's clamp, and not beyond.
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

// A NaN in any operand reaches what is made of it; 0 times infinity is one, as IEEE has it.
TEST(Gated, NanInNanOut) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  for (const Case& c : cases(true)) {
    for (const std::size_t n : {1U, 40U}) {
      std::vector<float> a(n, 1), b(n, 1), y(n), da(n), db(n);
      const std::vector<float> dy(n, 1);
      for (const bool first : {true, false}) {
        (first ? a : b).assign(n, nan);
        (first ? b : a).assign(n, 1);
        forward(c.gate, a, b, y);
        backward(c.gate, a, b, dy, da, db);
        for (const float v : y) EXPECT_TRUE(std::isnan(v)) << to_string(c.gate);
        const bool is_gate = first != std::holds_alternative<Glu>(c.gate);
        if (is_gate) {
          for (const float v : da) EXPECT_TRUE(std::isnan(v)) << to_string(c.gate);
          for (const float v : db) EXPECT_TRUE(std::isnan(v)) << to_string(c.gate);
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
