// SPDX-License-Identifier: Apache-2.0
// Derivatives by learnable parameters against their formulas in MPFR, for every type; their sums;
// the same bits by threads, strides and instruction sets; errors.
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include <cfloat>

#include "catalogue/lists.h"
#include "elements.h"
#include "instances.h"
#include "learnable_reference.h"
#include "messages.h"
#include "operations.h"
#include "oracle/oracle.h"
#include "targets.h"
#include "threads.h"
#include "uniform.h"

namespace actfn {
namespace {

using oracle::Real;
using testing::as;
using testing::canonical_bits;
using testing::for_each_type;
using testing::message;
using testing::truth;
__extension__ using Wide = __float128;

template <class T>
auto bits_of(const std::vector<T>& x) {
  return canonical_bits(x.data(), x.size());
}

std::vector<Activation> learnable(bool extreme) {
  std::vector<Activation> all;
  for (const Activation& f : testing::instances(extreme)) {
    if (!learnable_parameters(f).empty()) all.push_back(f);
  }
  return all;
}

template <class T>
std::vector<T> derivative_of(const Activation& f, std::size_t k, const std::vector<T>& x) {
  std::vector<T> y(x.size());
  parameter_derivative(f, k, x, y);
  return y;
}

// Calls body(k) for each parameter.
template <class Body>
void for_parameters(const Activation& f, const Body& body) {
  for (std::size_t k = 0; k < learnable_parameters(f).size(); ++k) body(k);
}

TEST(Learnable, NamesAreThoseOfParameters) {
  std::vector<std::string> all;
  for (const auto& info : catalogue(Kind::elementwise)) {
    for (const auto name : learnable_parameters(std::get<Activation>(info.example))) {
      EXPECT_TRUE(std::any_of(info.parameters.begin(), info.parameters.end(),
                              [&](const auto& parameter) { return parameter.name == name; }));
      all.push_back(std::string(info.name) + "." + std::string(name));
    }
  }
  EXPECT_EQ(all, (std::vector<std::string>{"celu.alpha",
                                           "derf.alpha",
                                           "derf.shift",
                                           "dynamic_tanh.alpha",
                                           "elu.alpha",
                                           "leaky_relu.negative_slope",
                                           "penalized_tanh.negative_slope",
                                           "rational.a0",
                                           "rational.a1",
                                           "rational.a2",
                                           "rational.a3",
                                           "rational.a4",
                                           "rational.a5",
                                           "rational.b1",
                                           "rational.b2",
                                           "rational.b3",
                                           "rational.b4",
                                           "snake.alpha",
                                           "snake_beta.alpha",
                                           "snake_beta.beta",
                                           "star_relu.scale",
                                           "star_relu.bias",
                                           "swish.beta",
                                           "xielu.alpha_p",
                                           "xielu.alpha_n",
                                           "xielu.beta"}));
}

class ByParameter : public ::testing::TestWithParam<Activation> {};

// The size of the derivative about x, which an error beside a root is measured by.
double size_about(const Activation& f, std::size_t k, double x, double about) {
  const double left = truth(f, k, x - about, 500).to_double();
  const double right = truth(f, k, x + about, 500).to_double();
  return std::max({1.0, std::abs(left), std::abs(right)});
}

bool has_roots(const Activation& f) {
  return std::holds_alternative<Snake>(f) || std::holds_alternative<SnakeBeta>(f) ||
         std::holds_alternative<Xielu>(f) || std::holds_alternative<Rational>(f);
}

TEST_P(ByParameter, Float32IsWithinTwoUlps) {
  const Activation f = GetParam();
  const Activation rounded = functions::rounded_to_float32(f);
  const auto x = testing::sample(1500, 5);
  for_parameters(f, [&](std::size_t k) {
    const auto y = derivative_of(f, k, x);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double at = x[i];
      const double want = truth(rounded, k, at, 500).to_double();
      if (oracle::ulps(y[i], want) <= 2) continue;
      const double near_root = 0x1p-24 * size_about(rounded, k, at, std::max(1.0, at * 0x1p-20));
      const bool close = has_roots(f) && std::abs(double{y[i]} - want) <= near_root;
      EXPECT_TRUE(close) << k << " at " << at << ": got " << y[i] << ", truth " << want;
    }
  });
}

TEST_P(ByParameter, Float64IsWithinTwoUlps) {
  const Activation f = GetParam();
  const auto x = testing::sample64(800, 5);
  for_parameters(f, [&](std::size_t k) {
    const auto y = derivative_of(f, k, x);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const Real exact = truth(f, k, x[i], 2500);
      const double want = exact.to_double();
      if (oracle::ulps(y[i], want, exact.rest()) <= 2) continue;
      const double near_root = 0x1p-53 * size_about(f, k, x[i], std::max(1.0, x[i] * 0x1p-50));
      const bool close = has_roots(f) && std::abs(y[i] - want) <= near_root;
      EXPECT_TRUE(close) << k << " at " << x[i] << ": got " << y[i] << ", truth " << want;
    }
  });
}

TEST_P(ByParameter, SixteenBitsAreFloat32RoundedOnce) {
  const Activation f = GetParam();
  for_each_type([&]<class T>() {
    if constexpr (sizeof(T) == 2) {
      const auto x = testing::inputs<T>(1100, 3);
      for_parameters(f, [&](std::size_t k) {
        const auto wide = derivative_of(f, k, std::vector<float>(x.begin(), x.end()));
        std::vector<T> want;
        for (const float v : wide) want.push_back(T(v));
        EXPECT_EQ(bits_of(derivative_of(f, k, x)), bits_of(want)) << kTypeName<T>;
      });
    }
  });
}

TEST_P(ByParameter, EveryInstructionSetAndLengthGivesTheSameBits) {
  const Activation f = GetParam();
  for_each_type([&]<class T>() {
    const auto x = testing::inputs<T>(60, 3);
    for_parameters(f, [&](std::size_t k) {
      const auto want = derivative_of(f, k, x);
      for (const auto target : testing::running_targets()) {
        const kernels::Evaluator evaluator(f, kTypeOf<T>, target);
        for (std::size_t n = 1; n <= x.size(); ++n) {
          std::vector<T> y(n + 1, as<T>(5));
          evaluator.map(kernels::order_of_parameter(k), &x[x.size() - n], y.data(), n);
          EXPECT_EQ(double{y.back()}, 5);
          EXPECT_EQ(canonical_bits(y.data(), n), canonical_bits(&want[x.size() - n], n))
              << kTypeName<T> << ", " << testing::name_of(target) << ", " << n;
        }
      }
    });
  });
}

// Terms as parameter_gradient has them, added in 113 bits.
template <class T>
void check_gradient(const Activation& f, const std::vector<T>& x, const std::vector<T>& dy) {
  std::vector<double> got(learnable_parameters(f).size(), 7);
  parameter_gradient(f, x, dy, got);
  for_parameters(f, [&](std::size_t k) {
    // 16-bit types are summed before their derivatives are rounded.
    using Work = std::conditional_t<sizeof(T) == 8, double, float>;
    const auto slope = derivative_of(f, k, std::vector<Work>(x.begin(), x.end()));
    Wide sum = 0;
    double size = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      sum += static_cast<Wide>(double{dy[i]}) * static_cast<double>(slope[i]);
      size += std::abs(double{dy[i]} * static_cast<double>(slope[i]));
    }
    const double error = static_cast<double>(sum - got[k]);
    EXPECT_LE(std::abs(error), 1e-15 * size) << kTypeName<T> << ", " << k;
  });
}

template <class T>
std::vector<T> uniform(std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  const testing::Uniform near(-4, 4);
  std::vector<T> all;
  for (std::size_t i = 0; i < n; ++i) all.push_back(as<T>(near(random)));
  return all;
}

TEST_P(ByParameter, GradientIsTheSumOfProducts) {
  const bool usual = to_string(GetParam()).find('(') == std::string::npos;
  std::vector<std::size_t> sizes = {0, 1, 17, 1000};
  if (usual) sizes.push_back(140000);  // sums of sums
  for_each_type([&]<class T>() {
    for (const std::size_t n : sizes) {
      check_gradient(GetParam(), uniform<T>(n, 1), uniform<T>(n, 2));
    }
  });
}

INSTANTIATE_TEST_SUITE_P(All, ByParameter, ::testing::ValuesIn(learnable(false)),
                         [](const auto& test) { return testing::test_name(test.param); });

// The formulas themselves: by difference quotients of the definitions.
template <class A>
void check_slope(const A& f, double A::*parameter, std::size_t k) {
  const double h = 0x1p-17;
  A low = f, high = f;
  low.*parameter -= h;
  high.*parameter += h;
  for (const double x : {-6.0, -2.5, -1.0, -0.3, -1e-3, 0.1, 0.7, 1.2, 3.0, 5.5}) {
    const double difference = oracle::truth(high, x).value - oracle::truth(low, x).value;
    const double want = difference / (2 * h);
    EXPECT_NEAR(truth(f, k, x, 500).to_double(), want, 1e-7 * (1 + x * x)) << to_string(f) << x;
  }
}

TEST(Learnable, FormulasAreTheSlopesOfTheDefinitions) {
  check_slope(LeakyRelu{}, &LeakyRelu::negative_slope, 0);
  check_slope(Elu{1.5}, &Elu::alpha, 0);
  check_slope(Celu{0.7}, &Celu::alpha, 0);
  check_slope(Swish{1.3}, &Swish::beta, 0);
  check_slope(Swish{0}, &Swish::beta, 0);
  check_slope(Snake{0.9}, &Snake::alpha, 0);
  check_slope(Snake{0}, &Snake::alpha, 0);
  check_slope(SnakeBeta{0.9, 1.3}, &SnakeBeta::alpha, 0);
  check_slope(SnakeBeta{0.9, 1.3}, &SnakeBeta::beta, 1);
  double Rational::*const coefficients[] = {
      &Rational::a0, &Rational::a1, &Rational::a2, &Rational::a3, &Rational::a4,
      &Rational::a5, &Rational::b1, &Rational::b2, &Rational::b3, &Rational::b4};
  for (std::size_t k = 0; k < std::size(coefficients); ++k) {
    check_slope(Rational{}, coefficients[k], k);
    check_slope(Rational{.b1 = -1.5, .b2 = 0.5, .b3 = 0.25}, coefficients[k], k);
  }
  check_slope(Xielu{}, &Xielu::alpha_p, 0);
  check_slope(Xielu{}, &Xielu::alpha_n, 1);
  check_slope(Xielu{}, &Xielu::beta, 2);
  check_slope(Derf{0.7, 0.2}, &Derf::alpha, 0);
  check_slope(Derf{0.7, 0.2}, &Derf::shift, 1);
  check_slope(DynamicTanh{}, &DynamicTanh::alpha, 0);
  check_slope(DynamicTanh{0}, &DynamicTanh::alpha, 0);
  check_slope(PenalizedTanh{}, &PenalizedTanh::negative_slope, 0);
  check_slope(StarRelu{}, &StarRelu::scale, 0);
  check_slope(StarRelu{}, &StarRelu::bias, 1);
}

// The powers of x that the derivatives go on like tell the limits.
template <class Expect>
void expect_rational(const Expect& expect) {
  const double inf = INFINITY;
  const Rational f = {.a5 = 2, .b4 = 0.5};
  for (std::size_t k = 0; k < 4; ++k) expect(f, k, 0, 0);
  expect(f, 4, 1 / f.b4, 1 / f.b4);
  expect(f, 5, -inf, inf);
  expect(f, 6, 0, 0);
  expect(f, 7, 0, 0);
  const double slope = -f.a5 / f.b4 / f.b4;
  expect(f, 8, slope, slope);
  expect(f, 9, inf, -inf);
  const Rational cubic = {.a4 = 0, .a5 = 0, .b2 = 0, .b3 = 0, .b4 = 0};
  expect(cubic, 0, 0, 0);
  expect(cubic, 1, -1 / f.b1, 1 / f.b1);
  expect(cubic, 2, inf, inf);
  const Rational polynomial = {.b1 = 0, .b2 = 0, .b3 = 0, .b4 = 0};
  expect(polynomial, 0, 1, 1);
  expect(polynomial, 5, -inf, inf);
  for (std::size_t k = 6; k < 10; ++k) expect(polynomial, k, 0, 0);
}

TEST(Learnable, KeepsNanAndLimits) {
  const double inf = INFINITY;
  const std::vector<double> x = {NAN, -inf, inf};
  const auto expect = [&](const Activation& f, std::size_t k, double left, double right) {
    const auto y = derivative_of(f, k, x);
    EXPECT_TRUE(std::isnan(y[0])) << to_string(f);
    EXPECT_EQ(y[1], left) << to_string(f);
    EXPECT_EQ(y[2], right) << to_string(f);
    const auto single = derivative_of(f, k, std::vector<float>(x.begin(), x.end()));
    // float32 arrays read parameters rounded to float32: so are the limits that depend on them.
    EXPECT_FLOAT_EQ(single[1], static_cast<float>(left)) << to_string(f);
    EXPECT_FLOAT_EQ(single[2], static_cast<float>(right)) << to_string(f);
  };
  expect(LeakyRelu{}, 0, -inf, 0);
  expect(Elu{}, 0, -1, 0);
  expect(Celu{}, 0, -1, 0);
  expect(Swish{}, 0, 0, 0);
  expect(Swish{0}, 0, inf, inf);
  expect(Snake{0}, 0, inf, inf);
  expect(SnakeBeta{.alpha = 0}, 0, 0, 0);
  expect(SnakeBeta{.alpha = 0}, 1, 0, 0);
  expect_rational(expect);
  expect(Xielu{}, 0, 0, inf);
  expect(Xielu{}, 1, inf, 0);
  expect(Xielu{}, 2, -inf, inf);
  expect(Derf{}, 0, 0, 0);
  expect(Derf{0, 2}, 0, -inf, inf);
  expect(Derf{}, 1, 0, 0);
  expect(DynamicTanh{}, 0, 0, 0);
  expect(DynamicTanh{0}, 0, -inf, inf);
  expect(PenalizedTanh{}, 0, -1, 0);
  expect(StarRelu{}, 0, 0, inf);
  expect(StarRelu{}, 1, 1, 1);
  std::vector<double> gradient(1);
  parameter_gradient(Elu{}, x, std::vector<double>(3), gradient);
  EXPECT_TRUE(std::isnan(gradient[0]));
}

// Every second column of rows.
TEST(Learnable, StridesChangeNoBit) {
  for_each_type([]<class T>() {
    const std::size_t rows = 300, columns = 301, stride = 2 * columns;
    const auto x = testing::inputs<T>(rows * stride, 3), dy = uniform<T>(x.size(), 4);
    const Rows<const T> in = {x.data(), rows, columns, stride, 2};
    const Rows<const T> gradients = {dy.data(), rows, columns, stride, 2};
    std::vector<T> dense_x, dense_dy, got;
    for (std::size_t i = 0; i < rows * stride; i += 2) {
      dense_x.push_back(x[i]);
      dense_dy.push_back(dy[i]);
    }
    std::vector<T> y(x.size());
    parameter_derivative(Celu{}, 0, in, Rows<T>{y.data(), rows, columns, stride, 2});
    for (std::size_t i = 0; i < rows * stride; i += 2) got.push_back(y[i]);
    EXPECT_EQ(bits_of(got), bits_of(derivative_of(Celu{}, 0, dense_x))) << kTypeName<T>;
    for (const auto& f : {Activation(Xielu{}), Activation(Elu{})}) {
      const std::size_t count = learnable_parameters(f).size();
      std::vector<double> want(count), sums(count);
      parameter_gradient(f, dense_x, dense_dy, want);
      parameter_gradient(f, in, gradients, sums);
      EXPECT_EQ(bits_of(sums), bits_of(want)) << kTypeName<T>;
    }
  });
}

TEST(Learnable, ThreadsChangeNoBit) {
  const auto x = uniform<float>(testing::kElementsPerThread * 7 + 1001, 1);
  const auto run = [&](int threads) {
    std::vector<double> gradient(3);
    parameter_gradient(Xielu{}, x, x, gradient, Threads{threads});
    std::vector<float> y(x.size());
    parameter_derivative(Xielu{}, 1, x, y, Threads{threads});
    return std::pair{gradient, y};
  };
  const auto want = run(1);
  for (const int threads : {2, 7, 0}) EXPECT_TRUE(run(threads) == want) << threads;
}

TEST(Learnable, InPlaceGivesTheSameBits) {
  for_each_type([]<class T>() {
    const auto x = testing::inputs<T>(1100, 3);
    auto y = x;
    parameter_derivative(Swish{}, 0, y, y);
    EXPECT_EQ(bits_of(y), bits_of(derivative_of(Swish{}, 0, x))) << kTypeName<T>;
  });
}

TEST(Learnable, RefusesWhatDoesNotFit) {
  std::vector<float> x(4, 1), y(4, 5), three(3);
  std::vector<double> gradient(2, 5);
  EXPECT_EQ(message([&] { parameter_gradient(Gelu{}, x, x, gradient); }),
            "[gelu] it has no parameter that can be learned");
  EXPECT_EQ(message([&] { parameter_gradient(Elu{}, x, x, gradient); }),
            "[elu] gradient has 2 elements, there is 1 learnable parameter");
  EXPECT_EQ(message([&] { parameter_gradient(Elu{}, x, three, gradient); }),
            "[elu] dy has 3 elements, x has 4");
  EXPECT_EQ(message([&] { parameter_gradient(Elu{NAN}, x, x, gradient); }),
            "[elu] alpha must be finite, got nan");
  EXPECT_EQ(message([&] { parameter_derivative(Xielu{}, 3, x, y); }),
            "[xielu] it has 3 learnable parameters, asked for number 3");
  EXPECT_EQ(message([&] { parameter_derivative(Elu{}, 0, three, y); }),
            "[elu] dydp has 4 elements, x has 3");
  EXPECT_EQ(message([&] { parameter_derivative(Elu{}, 0, x, y, Threads{-1}); }),
            "[elu] threads must not be negative, got -1");
  EXPECT_EQ(y, std::vector<float>(4, 5));
  EXPECT_EQ(gradient, std::vector<double>(2, 5));
}

}  // namespace
}  // namespace actfn
