// SPDX-License-Identifier: Apache-2.0
// The row example of docs/adding.md: it compiles as it is printed, and computes what its
// definition says.
#include <gtest/gtest.h>
#include <hwy/highway.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "elements.h"
#include "rows/kernels/row_math.h"
#include "worked_example.h"

namespace actfn {
// sparsemax(x / (1 - lambd)), lambd < 1 and finite. Laha et al. 2018, arXiv:1810.11975
struct Sparsegen {
  double lambd = 0;
  bool operator==(const Sparsegen&) const = default;
};
}  // namespace actfn

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {
#include "worked_example/sparsegen.h"
}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

namespace actfn {
namespace {

using Example = HWY_NAMESPACE::RowMath<Sparsegen>;
using Wide = std::vector<long double>;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

template <class T>
std::vector<T> forward_of(const Sparsegen& f, const std::vector<T>& x) {
  std::vector<T> y(x.size());
  Example::Forward(f, x.data(), y.data(), x.size(), rows::Stores::cached);
  return y;
}

template <class T>
Wide definition(const Sparsegen& f, const std::vector<T>& x) {
  return Example::Reference(f, Wide(x.begin(), x.end()));
}

template <class T>
std::vector<T> normal_row(std::size_t n, double spread) {
  std::mt19937 random(static_cast<unsigned>(n));
  std::normal_distribution<double> normal(1, spread);
  std::vector<T> x(n);
  for (T& v : x) v = static_cast<T>(normal(random));
  return x;
}

constexpr Sparsegen kAll[] = {{0}, {-3}, {0.5}, {0.875}, {-100}};

template <class T>
void check_values(const Sparsegen& f, const std::vector<T>& x) {
  const std::vector<T> y = forward_of(f, x);
  const Wide want = definition(f, x);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double most =
        std::max(2 * testing::spacing<T>(static_cast<double>(want[i])), Example::Tolerance(f));
    EXPECT_NEAR(static_cast<double>(y[i]), static_cast<double>(want[i]), most)
        << f.lambd << ", element " << i << " of " << x.size();
  }
}

TEST(RowExample, IsItsDefinition) {
  for (const Sparsegen& f : kAll) {
    for (const std::size_t n : {1U, 2U, 15U, 16U, 17U, 300U}) {
      for (const double spread : {0.01, 1.0, 50.0}) {
        check_values(f, normal_row<float>(n, spread));
        check_values(f, normal_row<double>(n, spread));
      }
    }
  }
}

// Its rows add up to 1, and sparsemax is the one without a parameter.
TEST(RowExample, IsSparsemaxWhereLambdaIsZero) {
  const auto x = normal_row<double>(300, 1);
  std::vector<double> y(x.size());
  forward(Sparsemax{}, x, 0, y);
  EXPECT_EQ(forward_of(Sparsegen{}, x), y);
}

TEST(RowExample, NanAndWhatTakesNoPart) {
  const std::vector<double> some = {-kInfinity, 1, 0.5, -kInfinity};
  const auto y = forward_of(Sparsegen{0.5}, some);
  EXPECT_EQ(y, (std::vector<double>{0, 1, 0, 0}));
  const std::vector<double> none(40, -kInfinity);
  EXPECT_EQ(forward_of(Sparsegen{0.5}, none), std::vector<double>(40, 0));
  for (const double v : forward_of(Sparsegen{0.5}, std::vector<double>{1, NAN, 2})) {
    EXPECT_TRUE(std::isnan(v));
  }
}

// J v by differences, which are exact but for rounding: y is linear as long as no entry becomes 0.
Wide along(const Sparsegen& f, const std::vector<double>& x, const std::vector<double>& v) {
  const long double h = 0x1p-20L;
  Wide left(x.begin(), x.end()), right = left;
  for (std::size_t i = 0; i < x.size(); ++i) {
    left[i] -= h * v[i];
    right[i] += h * v[i];
  }
  const Wide low = Example::Reference(f, left), high = Example::Reference(f, right);
  Wide slope(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) slope[i] = (high[i] - low[i]) / (2 * h);
  return slope;
}

const std::vector<double> kX = {1.125, 1, -3, 1.0625, 0.75, -2, 1.1}, kDy = {1, -2, 3, 4, 5, 6, 7},
                          kV = {0.5, 2, 1, -1, 3, -4, 0.25};

void expect_near(const std::vector<double>& got, const Wide& want) {
  for (std::size_t i = 0; i < want.size(); ++i) {
    EXPECT_NEAR(got[i], static_cast<double>(want[i]), 1e-11) << "element " << i;
  }
}

TEST(RowExample, BackwardIsTheTransposedJacobian) {
  for (const Sparsegen& f : kAll) {
    Wide want(kX.size());
    for (std::size_t k = 0; k < kX.size(); ++k) {
      std::vector<double> unit(kX.size());
      unit[k] = 1;
      const Wide column = along(f, kX, unit);
      for (std::size_t i = 0; i < kX.size(); ++i) want[k] += kDy[i] * column[i];
    }
    const auto y = forward_of(f, kX);
    std::vector<double> dx(kX.size());
    Example::Backward(f, y.data(), kDy.data(), dx.data(), dx.size(), rows::Stores::cached);
    expect_near(dx, want);
  }
}

// The gradients of <v, J^T dy> = <J v, dy>: J v by dy, and 0 by x, as J is constant.
TEST(RowExample, DoubleBackwardIsTheGradientOfBackward) {
  for (const Sparsegen& f : kAll) {
    const auto y = forward_of(f, kX);
    std::vector<double> for_dy(kX.size()), for_x(kX.size(), 1);
    Example::DoubleBackward(f, {y.data(), kDy.data(), kV.data(), for_dy.data(), for_x.data()},
                            y.size());
    expect_near(for_dy, along(f, kX, kV));
    expect_near(for_x, Wide(kX.size()));
  }
}

TEST(RowExample, RefusesWhatHasNoScale) {
  EXPECT_TRUE(Example::Conflict(Sparsegen{0.999}).empty());
  EXPECT_FALSE(Example::Conflict(Sparsegen{1}).empty());
  EXPECT_FALSE(Example::Conflict(Sparsegen{1 - 0x1p-40}).empty());  // 1 in float32
}

TEST(RowExample, IsInTheDocument) {
  testing::expect_described<Example>();
  testing::expect_printed("tests/rows/worked_example/sparsegen.h", "tests/rows/row_example_test.cc",
                          "docs/adding.md");
}

}  // namespace
}  // namespace actfn
