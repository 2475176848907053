// SPDX-License-Identifier: Apache-2.0
#include "lab/effective_rank.h"

#include "lab/eigenvalues.h"

#include <actfn/activation.h>
#include <actfn/elementwise.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace actfn::lab {
namespace {

// A sum of products whose order is fixed and which a compiler can compute in vectors.
double dot(const double* a, const double* b, std::size_t n) {
  constexpr std::size_t kSums = 8;
  std::array<double, kSums> sums{};
  std::size_t i = 0;
  for (; i + kSums <= n; i += kSums) {
    for (std::size_t s = 0; s < kSums; ++s) sums[s] += a[i + s] * b[i + s];
  }
  double rest = 0;
  for (; i < n; ++i) rest += a[i] * b[i];
  for (const double sum : sums) rest += sum;
  return rest;
}

// [n, n]; the upper half is filled as sums go on.
struct Products {
  explicit Products(std::size_t count) : n(count), sums(count * count) {}

  // The products of all rows of a matrix with so many columns.
  void add_rows(std::span<const float> numbers, std::size_t columns) {
    x.assign(numbers.begin(), numbers.end());
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = i; j < n; ++j) {
        sums[i * n + j] += dot(x.data() + i * columns, x.data() + j * columns, columns);
      }
    }
  }

  // The products of all columns of a row.
  void add_columns(std::span<const float> numbers) {
    x.assign(numbers.begin(), numbers.end());
    for (std::size_t i = 0; i < n; ++i) {
      double* const row = sums.data() + i * n;
      const double by = x[i];
      if (by == 0) continue;
      for (std::size_t j = i; j < n; ++j) row[j] += by * x[j];
    }
  }

  void mirror() {
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < i; ++j) sums[i * n + j] = sums[j * n + i];
    }
  }

  double trace() const {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += sums[i * n + i];
    return sum;
  }

  std::size_t n;
  std::vector<double> sums;
  std::vector<double> x;  // what is added, in double
};

// Of the columns or, where there are fewer of them, of the rows: their eigenvalues are the squares
// of the same singular values.
Products products_of(const Features& f) {
  const std::size_t size = f.units * f.places;
  const std::size_t rows = f.numbers.size() / f.units;
  if (f.places == 1 && rows < f.units) {
    Products products(rows);
    products.add_rows(f.numbers, f.units);
    return products;
  }
  Products products(f.units);
  for (std::size_t at = 0; at < f.numbers.size(); at += size) {
    const auto sample = f.numbers.subspan(at, size);
    if (f.places == 1) {
      products.add_columns(sample);
    } else {
      products.add_rows(sample, f.places);
    }
  }
  return products;
}

// std::log differs by machine. x = m 2^k with m from sqrt(1/2) to sqrt(2), and log m is
// 2 (u + u^3 / 3 + u^5 / 5 + ...) with u = (m - 1) / (m + 1).
double natural_log(double x) {
  constexpr double kLog2 = 0x1.62e42fefa39efp-1;
  constexpr double kHalfRoot = 0x1.6a09e667f3bcdp-1;
  constexpr int kTerms = 12;
  int exponent = 0;
  double m = std::frexp(x, &exponent);
  if (m < kHalfRoot) {
    m *= 2;
    --exponent;
  }
  const double u = (m - 1) / (m + 1);
  double sum = 0;
  for (int i = kTerms; i-- > 0;) sum = sum * u * u + 1.0 / (2 * i + 1);
  return 2 * u * sum + exponent * kLog2;
}

}  // namespace

double effective_rank(const Features& features) {
  Products products = products_of(features);
  const double trace = products.trace();
  if (!std::isfinite(trace)) return std::numeric_limits<double>::quiet_NaN();
  if (trace == 0) return 0;
  products.mirror();
  for (double& x : products.sums) x /= trace;
  std::vector<double> values = eigenvalues(std::move(products.sums), products.n);
  // What is smaller is rounding.
  const double least = std::ranges::max(values) * static_cast<double>(products.n) *
                       std::numeric_limits<double>::epsilon();
  double sum = 0;
  for (double& v : values) sum += v = v > least ? std::sqrt(v) : 0;
  double entropy = 0;
  for (const double v : values) {
    if (v > 0) entropy -= v / sum * natural_log(v / sum);
  }
  return evaluate(Exp{}, entropy);
}

}  // namespace actfn::lab
