// The example of CONTRIBUTING.md: it compiles as it stands there, and does what it says.
#include <gtest/gtest.h>
#include <hwy/highway.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>

#include "kernels/formulas.h"
#include "kernels/loops.h"

namespace actfn {
struct Bent {
  double bend = 1;
  bool operator==(const Bent&) const = default;
};
}  // namespace actfn

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {
#include "worked_example/bent.h"
}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

namespace actfn {
namespace {

namespace target = HWY_NAMESPACE;

template <target::Order order, class T>
T evaluate(const Bent& f, T x) {
  T y = 0;
  target::MapLoop<order, Bent>(&f, &x, &y, 1);
  return y;
}

template <class T>
void expect_near(T got, long double want) {
  const long double ulp =
      std::nextafter(std::abs(got), std::numeric_limits<T>::infinity()) - std::abs(got);
  EXPECT_LE(std::abs(static_cast<long double>(got) - want), 2 * ulp) << want;
}

template <class T>
void check(const Bent& f, T x) {
  const long double b = f.bend;
  const long double wide = x;
  const long double root = std::sqrt(wide * wide + b * b);
  expect_near(evaluate<target::Order::value>(f, x), wide + wide * wide / (root + b) / 2);
  expect_near(evaluate<target::Order::derivative>(f, x), 1 + wide / root / 2);
  expect_near(evaluate<target::Order::second_derivative>(f, x), b * b / (root * root * root) / 2);
}

template <class T>
class WorkedExample : public ::testing::Test {};
using Types = ::testing::Types<float, double>;
TYPED_TEST_SUITE(WorkedExample, Types);

TYPED_TEST(WorkedExample, IsExact) {
  for (const double bend : {1.0, 0.25, 8.0}) {
    for (const double x : {-1e30, -100.0, -2.5, -1.0, -1e-3, -1e-20, 1e-20, 0.1, 1.0, 3.75, 1e30}) {
      check<TypeParam>({bend}, static_cast<TypeParam>(x));
    }
  }
}

TYPED_TEST(WorkedExample, HasItsLimits) {
  const auto infinity = std::numeric_limits<TypeParam>::infinity();
  EXPECT_EQ(evaluate<target::Order::value>({}, infinity), infinity);
  EXPECT_EQ(evaluate<target::Order::value>({}, -infinity), -infinity);
  EXPECT_EQ(evaluate<target::Order::derivative>({}, infinity), TypeParam(1.5));
  EXPECT_EQ(evaluate<target::Order::derivative>({}, -infinity), TypeParam(0.5));
  EXPECT_EQ(evaluate<target::Order::second_derivative>({}, infinity), TypeParam(0));
  EXPECT_TRUE(std::signbit(evaluate<target::Order::value>({}, TypeParam(-0.0))));
  EXPECT_TRUE(
      std::isnan(evaluate<target::Order::value>({}, std::numeric_limits<TypeParam>::quiet_NaN())));
}

std::string file(const std::string& name) {
  std::ifstream in(std::string(ACTFN_SOURCE_DIR) + "/" + name);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST(WorkedExampleText, StandsInTheDocument) {
  std::istringstream lines(file("tests/activations/worked_example/bent.h"));
  std::string indented;
  for (std::string line; std::getline(lines, line);) {
    indented += (line.empty() ? "" : "   " + line) + "\n";
  }
  EXPECT_NE(file("CONTRIBUTING.md").find(indented), std::string::npos);
}

}  // namespace
}  // namespace actfn
