// SPDX-License-Identifier: Apache-2.0
// The random example of docs/adding.md: it compiles as it is printed, and computes what its
// definition says.
#include <gtest/gtest.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "random/kernels/formulas.h"
#include "worked_example.h"

namespace actfn {
// Training: y = x (1 + sigma n), n drawn from the standard normal distribution; sigma >= 0 and
// finite. Evaluation is the identity. Srivastava et al. 2014, JMLR 15
struct GaussianDropout {
  double sigma = 1;
  bool operator==(const GaussianDropout&) const = default;
};
}  // namespace actfn

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {
#include "worked_example/gaussian_dropout.h"
}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

namespace actfn {
namespace {

namespace target = HWY_NAMESPACE;
using Example = target::RandomMath<GaussianDropout>;
using target::V;
static_assert(Example::kDraw == target::Draw::normal);

double first_of(const V& v) {
  double all[V::Count()];
  target::StoreLanes(v, all);
  return all[0];
}

double value(const GaussianDropout& f, double normal, double x) {
  return first_of(Example::Value<double>(Example::ConstantsOf(f, false), V(normal), V(x)));
}

double gradient(const GaussianDropout& f, double normal, double x, double dy) {
  return first_of(
      Example::Gradient<double>(Example::ConstantsOf(f, false), V(normal), V(x), V(dy)));
}

constexpr GaussianDropout kAll[] = {{0}, {0.3}, {1}, {1000}};

// body(f, normal, x)
template <class Body>
void for_some(const Body& body) {
  std::mt19937 random(1);
  std::normal_distribution<double> normal;
  for (const GaussianDropout& f : kAll) {
    for (int i = 0; i < 500; ++i) {
      const double first = normal(random);
      body(f, first, 9 * normal(random));
    }
  }
}

TEST(RandomExample, IsItsDefinition) {
  for_some([](const GaussianDropout& f, double normal, double x) {
    const auto want = Example::Reference<long double>(f, x, normal);
    const double size = std::abs(x) * std::max(1.0, f.sigma * std::abs(normal));
    EXPECT_NEAR(value(f, normal, x), static_cast<double>(want), 0x1p-51 * size)
        << f.sigma << ", " << normal << ", " << x;
  });
}

TEST(RandomExample, GradientIsTheSlopeOfTheDefinition) {
  for_some([](const GaussianDropout& f, double normal, double x) {
    const long double h = 0x1p-10L, dy = 1.5L;
    const auto low = Example::Reference<long double>(f, x - h, normal);
    const auto high = Example::Reference<long double>(f, x + h, normal);
    const double want = static_cast<double>(dy * (high - low) / (2 * h));
    EXPECT_NEAR(gradient(f, normal, x, 1.5), want, 1e-13 * std::max(1.0, f.sigma))
        << f.sigma << ", " << normal << ", " << x;
  });
}

TEST(RandomExample, KeepsNan) {
  EXPECT_TRUE(std::isnan(value({}, 0.5, NAN)));
  EXPECT_TRUE(std::isnan(gradient({}, 0.5, NAN, 1)));
  EXPECT_TRUE(std::isnan(gradient({}, 0.5, 1, NAN)));
}

TEST(RandomExample, ReadsItsParameterAsArraysDo) {
  EXPECT_EQ(Example::ConstantsOf({0.3}, true), static_cast<double>(0.3F));
  EXPECT_EQ(Example::ConstantsOf({0.3}, false), 0.3);
}

TEST(RandomExample, IsTheIdentityInEvaluation) {
  EXPECT_EQ(Example::Evaluated({}), Activation(Identity{}));
}

TEST(RandomExample, IsInTheDocument) {
  testing::expect_described<Example>();
  testing::expect_printed("tests/random/worked_example/gaussian_dropout.h",
                          "tests/random/random_example_test.cc", "docs/adding.md");
}

}  // namespace
}  // namespace actfn
