// SPDX-License-Identifier: Apache-2.0
// Infinities, NaN, zeros and huge numbers, for every activation of the list and every type.
// (Subnormals are among the landmarks of the tests against the oracle.)
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include "elements.h"
#include "instances.h"
#include "oracle/oracle.h"

namespace actfn {
namespace {

using testing::as;
using testing::bits;
using testing::for_each_type;

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kFlat = 1e-20;
constexpr double kNearZero = 1e-12;
constexpr double kSteep = 1e10;  // not a line: the slope itself goes to infinity

// The truth for T, whose parameters float64 alone takes as they are.
template <class T>
oracle::Truth truth_for(const Activation& f, double x) {
  return sizeof(T) == 8 ? oracle::truth(f, x) : oracle::truth(f, static_cast<float>(x));
}

// Far out, where every activation is flat or a line; nearer where e^(x^3) leaves MPFR's range.
template <class T>
oracle::Truth far_out(const Activation& f, double sign) {
  for (const double x : {1e30, 1e15}) {
    const auto truth = truth_for<T>(f, sign * x);
    if (std::isfinite(truth.first) && std::isfinite(truth.second)) return truth;
  }
  return truth_for<T>(f, sign * 1e4);
}

// sin(x) and what contains it go on for ever without a limit.
bool oscillates(const Activation& f) {
  float slope = 0;
  const auto x = static_cast<float>(kInf);
  derivative(f, {&x, 1}, {&slope, 1});
  return std::isnan(slope) &&
         (std::holds_alternative<Sine>(f) || std::holds_alternative<Snake>(f) ||
          std::holds_alternative<SnakeBeta>(f));
}

using Map = void(const GradientRef<Activation>&, const ConstTensor&, const Tensor&, Threads);

void forward_of(const GradientRef<Activation>& f, const ConstTensor& x, const Tensor& y,
                Threads t) {
  forward(f, x, y, t);
}

class Specials : public ::testing::TestWithParam<Activation> {
 protected:
  template <class T>
  static T result(Map* map, T x) {
    T y{};
    map(GetParam(), {&x, 1}, {&y, 1}, {});
    return y;
  }
  template <class T>
  static double at(Map* map, double x) {
    return static_cast<double>(result<T>(map, as<T>(x)));
  }

  // Where the function is not defined.
  template <class T>
  static void expect_nan(double x) {
    for (Map* const map : {forward_of, derivative, second_derivative}) {
      EXPECT_TRUE(std::isnan(at<T>(map, x))) << x;
    }
  }

  template <class T>
  static void expect_limits(double sign) {
    const auto truth = far_out<T>(GetParam(), sign);
    if (std::isnan(truth.value)) return expect_nan<T>(sign * kInf);
    const bool flat = std::abs(truth.first) < kFlat;
    const bool steep = std::abs(truth.first) > kSteep;
    const double huge = std::copysign(kInf, truth.first);
    const double limit = flat ? 0 : steep ? huge : static_cast<double>(as<T>(truth.first));
    EXPECT_EQ(at<T>(derivative, sign * kInf), limit);
    // A line does not bend; what bends for ever, like x^2, does so by a constant.
    const double bend = steep ? static_cast<double>(as<T>(truth.second)) : 0.0;
    EXPECT_EQ(at<T>(second_derivative, sign * kInf), bend);
    const bool zero = std::abs(truth.value) < kNearZero;
    const double level = zero ? 0 : static_cast<double>(as<T>(truth.value));
    EXPECT_EQ(at<T>(forward_of, sign * kInf), flat ? level : sign * limit * kInf);
  }

  // x is so large that the limits are reached.
  template <class T>
  static void expect_limits_at(double x) {
    const double limit = at<T>(derivative, std::copysign(kInf, x));
    if (std::isnan(limit)) return expect_nan<T>(x);
    if (std::isinf(limit)) return;
    EXPECT_NEAR(at<T>(derivative, x), limit, kFlat) << x;
    const double end = at<T>(forward_of, std::copysign(kInf, x));
    const double want = limit == 0 ? end : static_cast<double>(as<T>(limit * x));
    const double value = at<T>(forward_of, x);
    const double bound = 4 * testing::spacing<T>(1) * std::abs(want) + 1000 * kFlat;
    EXPECT_TRUE(value == want || std::abs(value - want) <= bound) << x << ": " << value;
  }

  template <class T>
  static void expect_signs_of_zero() {
    const auto truth = truth_for<T>(GetParam(), 0.0);
    const double value = at<T>(forward_of, 0.0);
    EXPECT_FALSE(truth.first >= 0 && truth.value == 0 && std::signbit(value));
    EXPECT_TRUE(truth.value != 0 || truth.first <= 0 || std::signbit(at<T>(forward_of, -0.0)));
    EXPECT_EQ(at<T>(forward_of, -0.0), value);
    EXPECT_EQ(at<T>(derivative, -0.0), at<T>(derivative, 0.0));
    EXPECT_EQ(at<T>(second_derivative, -0.0), at<T>(second_derivative, 0.0));
  }
};

TEST_P(Specials, NanInQuietNanOut) {
  for_each_type([]<class T>() {
    const auto quiet = bits(as<T>(std::numeric_limits<double>::quiet_NaN()));
    for (const T nan : testing::nans<T>()) {
      for (Map* const map : {forward_of, derivative, second_derivative}) {
        EXPECT_EQ(bits(result<T>(map, nan)) & quiet, quiet) << kTypeName<T> << +bits(nan);
      }
    }
  });
}

TEST_P(Specials, InfinityGivesTheLimit) {
  if (oscillates(GetParam())) GTEST_SKIP() << "no limit: see Oscillating";
  for_each_type([]<class T>() {
    SCOPED_TRACE(kTypeName<T>);
    expect_limits<T>(1);
    expect_limits<T>(-1);
  });
}

// (All numbers of 16 bits are compared with float64's results elsewhere.)
TEST_P(Specials, HugeNumbersFollowTheLimit) {
  if (oscillates(GetParam())) GTEST_SKIP() << "no limit: see Oscillating";
  for (const double s : {1.0, -1.0}) {
    // A line's offset is nothing beside these: rational goes on like 3e-5 x + 3.
    for (const double x : {1e22, 1e30, 0x1p126, testing::largest<float>()}) {
      expect_limits_at<float>(s * x);
      expect_limits_at<double>(s * x);
    }
    for (const double x : {1e100, 0x1p512, 1e300, testing::largest<double>()}) {
      expect_limits_at<double>(s * x);
    }
  }
}

TEST(Oscillating, IsExactForHugeNumbersAndWithoutLimit) {
  for (const Activation& f : {Activation(Sine{}), Activation(Snake{}), Activation(SnakeBeta{})}) {
    for (const float x : {1e6F, 1e10F, 1e20F, 0x1p126F, std::numeric_limits<float>::max()}) {
      for (const float s : {x, -x}) {
        const auto truth = oracle::truth(f, s);
        float y = 0;
        forward(f, {&s, 1}, {&y, 1});
        EXPECT_LE(oracle::ulps(y, truth.value), 0.51) << to_string(f) << " at " << s;
        derivative(f, {&s, 1}, {&y, 1});
        EXPECT_NEAR(y, truth.first, 0x1p-24) << to_string(f) << " at " << s;
      }
    }
    for_each_type([&f]<class T>() {
      for (const T s : {as<T>(kInf), as<T>(-kInf)}) {
        T y{};
        forward(f, {&s, 1}, {&y, 1});
        const bool nan = std::isnan(static_cast<double>(y));
        EXPECT_TRUE(std::holds_alternative<Sine>(f) ? nan : bits(y) == bits(s)) << kTypeName<T>;
        derivative(f, {&s, 1}, {&y, 1});
        EXPECT_TRUE(std::isnan(static_cast<double>(y))) << kTypeName<T>;
      }
    });
  }
}

// The tests against the oracle leave out where it has no number to compare with.
TEST(HalfLine, IsNanBelowItsStartAndHasLimitsThere) {
  const Activation f = SoftplusInverse{};
  for_each_type([&f]<class T>() {
    const std::vector<T> below = {as<T>(-kInf), as<T>(-testing::largest<T>()), as<T>(-1),
                                  as<T>(-testing::least_normal<T>()), as<T>(-testing::least<T>())};
    std::vector<T> y(below.size());
    for (Map* const map : {forward_of, derivative, second_derivative}) {
      map(f, below, y, {});
      for (const T v : y) EXPECT_TRUE(std::isnan(static_cast<double>(v))) << kTypeName<T>;
    }
    const std::vector<T> start = {as<T>(0.0), as<T>(-0.0)};
    const std::pair<Map*, double> limits[] = {
        {forward_of, -kInf}, {derivative, kInf}, {second_derivative, -kInf}};
    for (const auto& [map, limit] : limits) {
      std::vector<T> end(2);
      map(f, start, end, {});
      EXPECT_EQ(end, std::vector<T>(2, as<T>(limit))) << kTypeName<T>;
    }
  });
}

TEST(HalfLine, IsALogarithmNearItsStart) {
  for (int exponent = -1074; exponent < -60; ++exponent) {
    for (const double mantissa : {1.0, 1.3, 1.66}) {
      const double x = std::ldexp(mantissa, exponent);
      double y = 0;
      forward(SoftplusInverse{}, {&x, 1}, {&y, 1});
      EXPECT_DOUBLE_EQ(y, std::log(x)) << x;
    }
  }
}

// On both sides of its kinks rational's slope is another: there |s| counts as flat.
TEST(Kinks, OfRationalAreWhereItsDenominatorIsOne) {
  const Rational f = {.b1 = -3, .b2 = 1, .b3 = 0, .b4 = 0};
  for (const double x : {0.0, 3.0}) {
    const double slope = f.a1 + x * (2 * f.a2 + x * (3 * f.a3 + x * (4 * f.a4 + x * 5 * f.a5)));
    const double bend = 2 * f.a2 + x * (6 * f.a3 + x * (12 * f.a4 + x * 20 * f.a5));
    for_each_type([&]<class T>() {
      const T in = as<T>(x);
      T y{};
      derivative(f, {&in, 1}, {&y, 1});
      EXPECT_NEAR(static_cast<double>(y), slope, 2 * testing::spacing<T>(slope)) << kTypeName<T>;
      second_derivative(f, {&in, 1}, {&y, 1});
      EXPECT_NEAR(static_cast<double>(y), bend, 2 * testing::spacing<T>(bend)) << kTypeName<T>;
    });
  }
}

// Where pieces of formulas may meet: at whole numbers and halves, and where the parameters say.
std::vector<float> meeting_points(const Activation& f) {
  std::vector<float> all = {0, -0.0F};
  for (const double x : {0.5, 1.0, 2.0, 3.0, 6.0, 20.0}) all.push_back(static_cast<float>(x));
  for (const ParameterInfo& p : info(f).parameters) {
    if (!p.choices.empty()) continue;
    all.push_back(static_cast<float>(p.get(f)));
    all.push_back(static_cast<float>(std::sqrt(std::abs(p.get(f)))));
  }
  for (std::size_t i = all.size(); i-- > 0;) all.push_back(-all[i]);
  std::erase_if(all, [](float x) { return !(std::abs(x) < 1e4F); });
  return all;
}

double second_of(const Activation& f, double x) {
  double y = 0;
  second_derivative(f, {&x, 1}, {&y, 1});
  return y;
}

// The definition decides to which piece a kink belongs. How many of them f" jumps at is counted, so
// that the points are known to be kinks.
TEST(Kinks, HaveTheDerivativesOfTheirPiece) {
  int jumps = 0;
  for (const Activation& f : testing::instances()) {
    const bool steps = std::holds_alternative<Step>(f);  // its derivative is 0 by convention
    for (const float x : meeting_points(f)) {
      for_each_type([&]<class T>() {
        if (sizeof(T) == 2 || steps) return;
        const T in = as<T>(x);
        const oracle::Truth truth = truth_for<T>(f, x);
        if (std::isnan(truth.second)) return;
        T slope{}, bend{};
        derivative(f, {&in, 1}, {&slope, 1});
        second_derivative(f, {&in, 1}, {&bend, 1});
        const auto near = [](double size) { return 0x1p-22 * std::max(1.0, std::abs(size)); };
        EXPECT_NEAR(static_cast<double>(slope), truth.first, near(truth.first))
            << to_string(f) << " at " << x;
        EXPECT_NEAR(static_cast<double>(bend), truth.second, near(truth.second))
            << to_string(f) << " at " << x;
      });
      const double left = second_of(f, std::nextafter(x, -kInf));
      const double right = second_of(f, std::nextafter(x, kInf));
      if (std::abs(left - right) > 0.01) ++jumps;
    }
  }
  EXPECT_GE(jumps, 20);
}

TEST_P(Specials, MinusZeroIsKeptWhereTheFunctionPassesThroughZero) {
  for_each_type([]<class T>() {
    SCOPED_TRACE(kTypeName<T>);
    expect_signs_of_zero<T>();
  });
}

INSTANTIATE_TEST_SUITE_P(All, Specials, ::testing::ValuesIn(testing::instances()),
                         [](const auto& test) { return testing::test_name(test.param); });

}  // namespace
}  // namespace actfn
