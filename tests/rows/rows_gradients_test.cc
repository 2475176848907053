// SPDX-License-Identifier: Apache-2.0
// Gradients of rows against differences of the definitions in long double.
#include <actfn/rows.h>
#include <gtest/gtest.h>

#include <random>

#include "elements.h"
#include "row_functions.h"

namespace actfn {
namespace {

using oracle::Row;
using testing::as;
using testing::for_each_type;

// d/dh f(x + h v) at 0, central, of the fourth order.
template <class F>
auto derivative_along(const F& f, const Row& x, const Row& v, long double h) {
  const auto at = [&](long double step) {
    Row moved = x;
    for (std::size_t i = 0; i < x.size(); ++i) moved[i] += step * v[i];
    return f(moved);
  };
  const Row a = at(-2 * h), b = at(-h), c = at(h), d = at(2 * h);
  Row r(a.size());
  for (std::size_t i = 0; i < r.size(); ++i) {
    r[i] = (8 * (c[i] - b[i]) - (d[i] - a[i])) / (12 * h);
  }
  return r;
}

// J^T dy, column by column.
Row backward_reference(const RowActivation& f, const Row& x, const Row& dy, long double h) {
  Row dx(x.size());
  for (std::size_t k = 0; k < x.size(); ++k) {
    Row unit(x.size());
    unit[k] = 1;
    const Row column =
        derivative_along([&](const Row& z) { return oracle::row_values(f, z); }, x, unit, h);
    for (std::size_t i = 0; i < x.size(); ++i) dx[k] += dy[i] * column[i];
  }
  return dx;
}

std::vector<double> random(std::size_t n, unsigned seed, double spread = 1) {
  std::mt19937_64 generator(seed);
  std::normal_distribution<double> normal(0, spread);
  std::vector<double> x(n);
  for (double& v : x) v = normal(generator);
  return x;
}

Row wide(const std::vector<double>& x) { return {x.begin(), x.end()}; }

constexpr std::size_t kLength = 9;
constexpr long double kStep = 1e-4L;

void expect_near(const std::vector<double>& got, const Row& want, long double tolerance,
                 const std::string& what) {
  for (std::size_t i = 0; i < want.size(); ++i) {
    EXPECT_NEAR(got[i], static_cast<double>(want[i]), static_cast<double>(tolerance))
        << what << ", element " << i;
  }
}

// Far enough from where an entry enters or leaves the support for differences to be smooth.
bool is_smooth(const RowActivation& f, const std::vector<double>& x) {
  for (const double shift : {-0.01, 0.01}) {
    for (std::size_t k = 0; k < x.size(); ++k) {
      auto moved = x;
      moved[k] += shift;
      const Row y = oracle::row_values(f, wide(x)), z = oracle::row_values(f, wide(moved));
      for (std::size_t i = 0; i < y.size(); ++i) {
        if ((y[i] == 0) != (z[i] == 0)) return false;
      }
    }
  }
  return true;
}

TEST(RowGradients, BackwardIsTheTransposedJacobian) {
  int checked = 0;
  for (const RowActivation& f : testing::row_activations()) {
    for (unsigned seed = 0; seed < 6; ++seed) {
      const auto x = random(kLength, seed, 0.8), dy = random(kLength, seed + 100);
      if (!is_smooth(f, x)) continue;
      ++checked;
      std::vector<double> y(kLength), dx(kLength);
      forward(f, x, 0, y);
      backward(f, y, dy, 0, dx);
      expect_near(dx, backward_reference(f, wide(x), wide(dy), kStep), 1e-10L, to_string(f));
    }
  }
  EXPECT_GE(checked, 3 * static_cast<int>(testing::row_activations().size()));
}

TEST(RowGradients, DoubleBackwardIsTheGradientOfBackward) {
  int checked = 0;
  for (const RowActivation& f : testing::row_activations()) {
    for (unsigned seed = 0; seed < 6; ++seed) {
      const auto x = random(kLength, seed, 0.8), dy = random(kLength, seed + 100);
      const auto v = random(kLength, seed + 200);
      if (!is_smooth(f, x)) continue;
      ++checked;
      std::vector<double> y(kLength), for_dy(kLength), for_x(kLength);
      forward(f, x, 0, y);
      double_backward(f, y, dy, v, 0, for_dy, for_x);
      // <v, J^T dy> = <J v, dy>: its gradients.
      const auto row = [&](const Row& z) { return oracle::row_values(f, z); };
      const auto product = [&](const Row& z) {
        const Row jv = derivative_along(row, z, wide(v), kStep);
        long double sum = 0;
        for (std::size_t i = 0; i < kLength; ++i) sum += jv[i] * dy[i];
        return Row{sum};
      };
      expect_near(for_dy, derivative_along(row, wide(x), wide(v), kStep), 1e-10L, to_string(f));
      Row want(kLength);
      for (std::size_t k = 0; k < kLength; ++k) {
        Row unit(kLength);
        unit[k] = 1;
        want[k] = derivative_along(product, wide(x), unit, kStep)[0];
      }
      expect_near(for_x, want, 1e-8L, to_string(f));
    }
  }
  EXPECT_GE(checked, 3 * static_cast<int>(testing::row_activations().size()));
}

// Other types: what float64 gives for the same y. softmax in float32 rounds twice.
TEST(RowGradients, OfTheOtherTypesAreThoseOfFloat64) {
  for_each_type([]<class T>() {
    if (sizeof(T) == 8) return;
    for (const RowActivation& f : testing::row_activations()) {
      const auto x = random(50, 5, 1), dy = random(50, 6), v = random(50, 7);
      std::vector<T> narrow[5];
      std::vector<double> exact[5];
      for (auto& a : narrow) a.resize(50);
      for (auto& a : exact) a.resize(50);
      for (std::size_t i = 0; i < 50; ++i) {
        narrow[0][i] = as<T>(x[i]);
        narrow[1][i] = as<T>(dy[i]);
        narrow[2][i] = as<T>(v[i]);
      }
      forward(f, narrow[0], 0, narrow[0]);
      for (std::size_t k = 0; k < 3; ++k) {
        for (std::size_t i = 0; i < 50; ++i) exact[k][i] = static_cast<double>(narrow[k][i]);
      }
      const auto compare = [&](std::size_t k) {
        for (std::size_t i = 0; i < 50; ++i) {
          const double want = exact[k][i];
          const double room =
              std::max(std::abs(want), 1e-3) * std::ldexp(1.0, -testing::kDigits<T>);
          EXPECT_NEAR(static_cast<double>(narrow[k][i]), want, (sizeof(T) == 4 ? 4 : 1.02) * room)
              << to_string(f);
        }
      };
      backward(f, narrow[0], narrow[1], 0, narrow[3]);
      backward(f, exact[0], exact[1], 0, exact[3]);
      compare(3);
      double_backward(f, narrow[0], narrow[1], narrow[2], 0, narrow[3], narrow[4]);
      double_backward(f, exact[0], exact[1], exact[2], 0, exact[3], exact[4]);
      compare(3);
      compare(4);
    }
  });
}

// dy - e^y sum(dy) cancels where a probability is nearly 1, as that of a confident classifier.
TEST(RowGradients, OfLogSoftmaxKeepPrecisionNearOne) {
  for_each_type([]<class T>() {
    if (sizeof(T) == 2) return;
    for (const double below : {2.0, 5.0, 12.0, 18.0, 60.0}) {
      const std::vector<T> x = {as<T>(0), as<T>(-below), as<T>(-below - 1)};
      const std::vector<T> dy = {as<T>(-1), as<T>(0), as<T>(0)};
      std::vector<T> y(3), dx(3);
      forward(LogSoftmax{}, x, 0, y);
      backward(LogSoftmax{}, y, dy, 0, dx);
      const auto want = static_cast<double>(std::expm1(static_cast<long double>(y[0])));
      EXPECT_NEAR(static_cast<double>(dx[0]), want, testing::spacing<T>(want)) << below;
    }
  });
}

// What a subnormal y is multiplied by is computed first: a product with it has few digits.
TEST(RowGradients, OfSubnormalProbabilitiesKeepTheirDigits) {
  const double temperature = 1e-5;
  const std::vector<double> y = {1, 5 * 0x1p-1074}, dy = {0.3, -0.7}, v = {-0.2, 0.9};
  std::vector<double> dx(2), for_dy(2), for_x(2);
  backward(Softmax{temperature}, y, dy, 0, dx);
  double_backward(Softmax{temperature}, y, dy, v, 0, for_dy, for_x);
  const long double of_dy = (dy[1] - static_cast<long double>(dy[0])) / temperature;
  const long double of_v = (v[1] - static_cast<long double>(v[0])) / temperature;
  const auto near = [](double got, long double want) {
    EXPECT_LE(std::abs(got - want), 4 * testing::spacing<double>(static_cast<double>(want)));
  };
  near(dx[1], y[1] * of_dy);
  near(for_dy[1], y[1] * of_v);
  near(for_x[1], y[1] * of_dy * of_v);
}

// Gradients where nothing took part are 0, whatever dy holds there.
TEST(RowGradients, OfWhatTakesNoPartAreZero) {
  const double inf = std::numeric_limits<double>::infinity();
  for (const RowActivation& f : testing::row_activations()) {
    const double none = testing::excluded_by(f);
    std::vector<double> x = {0.25, none, 0.5, none}, y(4), dx(4), few = {0.25, 0.5}, y2(2), dx2(2);
    forward(f, x, 0, y);
    forward(f, few, 0, y2);
    backward(f, y, std::vector<double>{1, std::nan(""), -2, inf}, 0, dx);
    backward(f, y2, std::vector<double>{1, -2}, 0, dx2);
    EXPECT_EQ(dx, (std::vector<double>{dx2[0], 0, dx2[1], 0})) << to_string(f);
    std::vector<double> nothing(4, none);
    forward(f, nothing, 0, y);
    backward(f, y, std::vector<double>{1, 2, 3, 4}, 0, dx);
    EXPECT_EQ(dx, std::vector<double>(4, 0)) << to_string(f);
  }
}

}  // namespace
}  // namespace actfn
