// SPDX-License-Identifier: Apache-2.0
// Functions of rows keep their promise for any parameters: drawn ones, with fixed seeds. Entmax's
// gradients against sums of pairs of entries, in which nothing cancels.
#include <actfn/catalogue.h>
#include <actfn/rows.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "elements.h"
#include "row_functions.h"

namespace actfn {
namespace {

using oracle::Row;
using testing::as;
using testing::widened;

class Draws {
 public:
  explicit Draws(unsigned seed) : random_(seed) {}
  double unit() { return std::uniform_real_distribution<double>(0, 1)(random_); }
  double normal() { return std::normal_distribution<double>(0, 1)(random_); }
  double magnitude(double least, double most) { return std::exp2(least + (most - least) * unit()); }
  std::size_t below(std::size_t n) { return random_() % n; }

 private:
  std::mt19937_64 random_;
};

// Near 1, near 2, up to 64, and huge.
double drawn_alpha(Draws& draws) {
  switch (draws.below(6)) {
    case 0:
      return 1 + draws.magnitude(-52, 0);
    case 1:
      return 2 + draws.magnitude(-50, 0);
    case 2:
      return 2 - draws.magnitude(-50, -1);
    case 3:
      return draws.magnitude(0, 127);
    default:
      return draws.magnitude(0, 6);
  }
}

RowActivation drawn(const RowActivation& f, Draws& draws) {
  if (std::holds_alternative<Entmax>(f)) return Entmax{drawn_alpha(draws)};
  RowActivation g = f;
  if (auto* const p = std::get_if<Softmax>(&g)) p->temperature = draws.magnitude(-100, 100);
  if (auto* const p = std::get_if<Softmin>(&g)) p->temperature = draws.magnitude(-100, 100);
  if (auto* const p = std::get_if<LogSoftmax>(&g)) p->temperature = draws.magnitude(-100, 100);
  if (auto* const p = std::get_if<Softmax1>(&g)) {
    const double size = draws.magnitude(-30, 6);
    p->sink = draws.normal() * size;
  }
  return g;
}

// As wide as the function's parameter makes ordinary; ties and clusters too.
template <class T>
std::vector<T> drawn_row(const RowActivation& f, Draws& draws) {
  double scale = draws.magnitude(-8, 5);
  for (const ParameterInfo& p : info(f).parameters) {
    if (p.name == "temperature") scale *= p.get(f);
    if (p.name == "alpha") scale *= draws.below(2) == 0 ? 1 / p.get(f) : draws.magnitude(-100, 0);
  }
  std::vector<T> x(1 + draws.below(50));
  const std::size_t kind = draws.below(3);
  for (T& v : x) {
    const double normal = draws.normal();
    v = as<T>(scale * (kind == 0 ? std::round(2 * normal) / 2 : normal));
    if (kind == 1) v = as<T>(scale * normal * draws.magnitude(-60, 0));
  }
  return x;
}

template <class T>
void expect_promise(const RowActivation& f, const std::vector<T>& x) {
  std::vector<T> y(x.size());
  forward(f, x, 0, y);
  RowActivation read = f;
  if (auto* const p = std::get_if<Entmax>(&read); p != nullptr && sizeof(T) == 4) {
    p->alpha = static_cast<float>(p->alpha);
  }
  const Row want = oracle::row_values(read, widened(x));
  const long double slack = oracle::row_tolerance(f);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto error = std::abs(static_cast<long double>(y[i]) - want[i]);
    const long double two = 2 * testing::spacing<T>(static_cast<double>(want[i]));
    ASSERT_LE(error, std::max(slack, two))
        << to_string(f) << " " << kTypeName<T> << " n = " << x.size() << ", " << i << " = "
        << static_cast<double>(x[i]) << ": " << static_cast<double>(y[i]);
  }
}

// Parameters that float32 holds.
RowActivation single(RowActivation f) {
  std::visit(
      [](auto& p) {
        if constexpr (requires { p.temperature; })
          p.temperature = static_cast<float>(p.temperature);
        if constexpr (requires { p.sink; }) p.sink = static_cast<float>(p.sink);
      },
      f);
  return f;
}

TEST(RowsOfAnyParameters, KeepThePromise) {
  for (const auto& known : catalogue(Kind::row)) {
    const auto* const example = std::get_if<RowActivation>(&known.example);
    if (example == nullptr || known.parameters.empty()) continue;
    Draws draws(5);
    for (int i = 0; i < 400; ++i) {
      const RowActivation f = drawn(*example, draws);
      expect_promise(f, drawn_row<double>(f, draws));
      expect_promise(single(f), drawn_row<float>(single(f), draws));
    }
  }
}

// x_i less the mean of x weighted by s: a sum over pairs; and the same of sizes.
struct Centred {
  Row value, size;
};
Centred centred(const Row& s, const Row& x) {
  Centred r;
  for (std::size_t i = 0; i < s.size(); ++i) {
    long double value = 0, size = 0, sum = 0;
    for (std::size_t j = 0; j < s.size(); ++j) {
      if (s[j] == 0) continue;
      value += s[j] * (x[i] - x[j]);
      size += s[j] * std::abs(x[i] - x[j]);
      sum += s[j];
    }
    r.value.push_back(value / sum);
    r.size.push_back(size / sum);
  }
  return r;
}

// k is rounded before differences are taken of it: its own size counts.
long double size_of_others(const Row& s, const Row& k, std::size_t i) {
  long double size = 0, sum = 0;
  for (std::size_t j = 0; j < s.size(); ++j) {
    sum += s[j];
    if (j != i) size += s[j] * (std::abs(k[i]) + std::abs(k[j]));
  }
  return size / sum;
}

TEST(RowsOfAnyParameters, EntmaxHasExactGradients) {
  Draws draws(7);
  for (int n = 0; n < 300; ++n) {
    const double alpha = n % 2 == 0 ? drawn_alpha(draws) : draws.magnitude(1, 6);
    if (alpha > 64) continue;
    const Entmax f{alpha};
    const auto x = drawn_row<double>(f, draws);
    std::vector<double> y(x.size()), dy, v, dx(x.size()), for_dy(x.size()), for_x(x.size());
    forward(f, x, 0, y);
    for (std::size_t i = 0; i < x.size(); ++i) {
      dy.push_back(draws.normal());
      v.push_back(draws.normal());
    }
    backward(f, y, dy, 0, dx);
    double_backward(f, y, dy, v, 0, for_dy, for_x);
    Row s, k;
    for (const double p : y)
      s.push_back(p > 0 ? std::pow(static_cast<long double>(p), 2 - alpha) : 0);
    const Centred of_dy = centred(s, widened(dy)), of_v = centred(s, widened(v));
    for (std::size_t i = 0; i < y.size(); ++i) {
      k.push_back(y[i] > 0 ? (2 - alpha) * s[i] * of_dy.value[i] * of_v.value[i] / y[i] : 0);
    }
    Centred of_k = centred(s, k);
    for (std::size_t i = 0; i < s.size(); ++i) of_k.size[i] = size_of_others(s, k, i);
    for (std::size_t i = 0; i < y.size(); ++i) {
      if (s[i] > 0x1p600L) continue;  // far beyond what training survives
      const std::string at = to_string(RowActivation(f)) + " " + std::to_string(i);
      const auto near = [&](double got, const Centred& want, long double part) {
        const long double error = std::abs(got - s[i] * want.value[i]);
        // Up to 2 the mean of dy itself is taken, and all s are at most 1.
        const long double of_mean = alpha > 2 ? 0x1p-1000L : 0x1p-46L * s[i];
        EXPECT_LE(error, part * s[i] * want.size[i] + of_mean) << at;
      };
      near(dx[i], of_dy, 0x1p-44L);
      near(for_dy[i], of_v, 0x1p-44L);
      if (alpha > 2) near(for_x[i], of_k, 0x1p-40L);
    }
  }
}

}  // namespace
}  // namespace actfn
