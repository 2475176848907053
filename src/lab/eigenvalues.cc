// SPDX-License-Identifier: Apache-2.0
// Householder's reduction to a tridiagonal matrix, and the implicit QL method on that. Sources:
// Martin, Reinsch, Wilkinson 1968, Numerische Mathematik 11; Dubrulle, Martin, Wilkinson 1968,
// Numerische Mathematik 12.
#include "lab/eigenvalues.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <stdexcept>

namespace actfn::lab {
namespace {

constexpr double kEpsilon = std::numeric_limits<double>::epsilon();

// The diagonal, and what stands below it: below[i] is left of diagonal[i].
struct Tridiagonal {
  std::vector<double> diagonal, below;
  double least = 0;  // what is smaller, off the diagonal, is rounding
};

// Reflects the row so that only its last number is left, which it returns; `row` becomes the vector
// v of the reflection 1 - v v^T / h.
double reflect(std::span<double> row, double& h) {
  double size = 0;
  for (const double x : row) size += std::fabs(x);
  h = 0;
  if (size == 0) return 0;
  for (double& x : row) {
    x /= size;
    h += x * x;
  }
  const double last = row.back();
  const double left = last >= 0 ? -std::sqrt(h) : std::sqrt(h);
  h -= last * left;
  row.back() = last - left;
  return size * left;
}

// A - v q^T - q v^T for the first rows and columns of a, with q such that this is the reflection
// from both sides.
void update(std::vector<double>& a, std::size_t n, std::span<const double> v, double h) {
  const std::size_t count = v.size();
  std::vector<double> q(count);
  for (std::size_t j = 0; j < count; ++j) {
    for (std::size_t k = 0; k < count; ++k) q[k] += a[j * n + k] * v[j];
  }
  double along = 0;
  for (std::size_t k = 0; k < count; ++k) along += v[k] * q[k];
  along /= 2 * h;
  for (std::size_t k = 0; k < count; ++k) q[k] = (q[k] - along * v[k]) / h;
  for (std::size_t j = 0; j < count; ++j) {
    double* const row = a.data() + j * n;
    for (std::size_t k = 0; k < count; ++k) row[k] -= v[j] * q[k] + q[j] * v[k];
  }
}

Tridiagonal reduced(std::vector<double> a, std::size_t n) {
  Tridiagonal t{std::vector<double>(n), std::vector<double>(n), 0};
  for (std::size_t i = n; i-- > 2;) {
    std::vector<double> v(a.begin() + static_cast<std::ptrdiff_t>(i * n),
                          a.begin() + static_cast<std::ptrdiff_t>(i * n + i));
    double h = 0;
    t.below[i] = reflect(v, h);
    if (h > 0) update(a, n, v, h);
  }
  if (n > 1) t.below[1] = a[n];
  double size = 0;
  for (std::size_t i = 0; i < n; ++i) {
    t.diagonal[i] = a[i * n + i];
    size = std::max(size, std::fabs(t.diagonal[i]) + std::fabs(t.below[i]));
  }
  t.least = kEpsilon * size;
  return t;
}

// The last row of the block from `from` on, which nothing joins to what follows.
std::size_t end_of_block(const Tridiagonal& t, std::size_t from) {
  std::size_t end = from;
  while (end + 1 < t.diagonal.size() && std::fabs(t.below[end + 1]) > t.least) ++end;
  return end;
}

// One step of QL on the rows from `from` to `end`, with Wilkinson's shift.
void step(Tridiagonal& t, std::size_t from, std::size_t end) {
  std::vector<double>& d = t.diagonal;
  std::vector<double>& e = t.below;
  const double ratio = (d[from + 1] - d[from]) / (2 * e[from + 1]);
  const double root = std::sqrt(ratio * ratio + 1);
  double g = d[end] - d[from] + e[from + 1] / (ratio + (ratio >= 0 ? root : -root));
  double sine = 1;
  double cosine = 1;
  double shift = 0;
  for (std::size_t i = end; i-- > from;) {
    const double f = sine * e[i + 1];
    const double b = cosine * e[i + 1];
    const double r = std::sqrt(f * f + g * g);
    if (i + 2 <= end) e[i + 2] = r;
    if (r == 0) {
      d[i + 1] -= shift;
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = d[i + 1] - shift;
    const double turned = (d[i] - g) * sine + 2 * cosine * b;
    shift = sine * turned;
    d[i + 1] = g + shift;
    g = cosine * turned - b;
  }
  d[from] -= shift;
  e[from + 1] = g;
}

}  // namespace

std::vector<double> eigenvalues(std::vector<double> matrix, std::size_t n) {
  constexpr int kMostSteps = 100;  // three are usual
  Tridiagonal t = reduced(std::move(matrix), n);
  for (std::size_t i = 0; i < n; ++i) {
    int steps = 0;
    for (std::size_t end = end_of_block(t, i); end != i; end = end_of_block(t, i)) {
      if (++steps > kMostSteps) throw std::logic_error("[eigenvalues] do not converge");
      step(t, i, end);
    }
  }
  return std::move(t.diagonal);
}

}  // namespace actfn::lab
