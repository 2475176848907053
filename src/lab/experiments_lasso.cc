// SPDX-License-Identifier: Apache-2.0
#include <actfn/elementwise.h>

#include "lab/experiments/lasso.h"
#include "lab/norm.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace actfn::lab::experiments {
namespace {

using Vector = std::vector<double>;

// to += M x, for a matrix of columns' length, by its rows: each is added, times an x.
void add_rows(const Vector& matrix, std::span<const double> x, std::span<double> to) {
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double* row = matrix.data() + i * to.size();
    for (std::size_t k = 0; k < to.size(); ++k) to[k] += x[i] * row[k];
  }
}

Vector gram_of(const Vector& a, std::size_t columns) {
  Vector gram(columns * columns);
  for (std::size_t r = 0; r < a.size() / columns; ++r) {
    const double* row = a.data() + r * columns;
    for (std::size_t i = 0; i < columns; ++i) {
      for (std::size_t k = 0; k < columns; ++k) gram[i * columns + k] += row[i] * row[k];
    }
  }
  return gram;
}

double largest_eigenvalue(const Vector& gram, std::size_t columns) {
  constexpr int kSteps = 1000;
  Vector x(columns);
  for (std::size_t i = 0; i < columns; ++i) x[i] = 1 + 0.01 * static_cast<double>(i % 7);
  double value = 0;
  for (int step = 0; step < kSteps; ++step) {
    Vector next(columns);
    add_rows(gram, x, next);
    value = norm(next) / norm(x);
    for (std::size_t i = 0; i < columns; ++i) x[i] = next[i] / value;
  }
  return value;
}

double product(const Vector& a, const Vector& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

Vector difference(const Vector& a, const Vector& b) {
  Vector d(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) d[i] = a[i] - b[i];
  return d;
}

Activation shrinkage(const Lasso& lasso, Scheme scheme) {
  const double ratio = lasso.lambda() / lasso.largest();
  if (scheme == Scheme::iht) return Hardshrink{.lambd = std::sqrt(2 * ratio)};
  return Softshrink{.lambd = ratio};
}

// FISTA's point further along, from two steps.
class Momentum {
 public:
  explicit Momentum(Scheme scheme) : scheme_(scheme) {}

  Vector beyond(const Vector& from, const Vector& before, const Vector& now) {
    if (scheme_ == Scheme::ista || scheme_ == Scheme::iht) return now;
    const Vector step = difference(now, before);
    if (scheme_ == Scheme::restarted_fista && product(difference(from, now), step) > 0) t_ = 1;
    const double next = (1 + std::sqrt(1 + 4 * t_ * t_)) / 2;
    Vector point = now;
    for (std::size_t i = 0; i < now.size(); ++i) point[i] += (t_ - 1) / next * step[i];
    t_ = next;
    return point;
  }

 private:
  Scheme scheme_;
  double t_ = 1;
};

}  // namespace

Lasso::Lasso(Vector a, std::size_t columns, double lambda)
    : a_(std::move(a)),
      gram_(gram_of(a_, columns)),
      columns_(columns),
      lambda_(lambda),
      largest_(1.001 * largest_eigenvalue(gram_, columns)) {}

Vector Lasso::times(std::span<const double> x) const {
  Vector y(rows());
  for (std::size_t r = 0; r < y.size(); ++r) {
    for (std::size_t i = 0; i < columns_; ++i) y[r] += a(r, i) * x[i];
  }
  return y;
}

Vector Lasso::correlations(std::span<const double> y) const {
  Vector b(columns_);
  add_rows(a_, y, b);
  return b;
}

double Lasso::objective(std::span<const double> x, std::span<const double> y) const {
  const Vector near = times(x);
  double sum = 0;
  for (std::size_t r = 0; r < near.size(); ++r) sum += (near[r] - y[r]) * (near[r] - y[r]) / 2;
  for (const double v : x) sum += lambda_ * std::fabs(v);
  return sum;
}

void Lasso::descend(std::span<const double> z, std::span<const double> b,
                    std::span<double> to) const {
  for (std::size_t i = 0; i < columns_; ++i) to[i] = -b[i];
  add_rows(gram_, z, to);
  for (std::size_t i = 0; i < columns_; ++i) to[i] = z[i] - to[i] / largest_;
}

std::string_view to_string(Scheme scheme) {
  switch (scheme) {
    case Scheme::ista:
      return "ISTA";
    case Scheme::iht:
      return "IHT";
    default:
      return "FISTA";
  }
}

Vector solve(const Lasso& lasso, std::span<const double> y, Scheme scheme, int steps,
             const std::function<void(int, const Vector&)>& after_step) {
  const Vector b = lasso.correlations(y);
  const Activation shrink = shrinkage(lasso, scheme);
  Momentum momentum(scheme);
  Vector x(lasso.columns());
  Vector from = x;
  Vector next(x.size());
  for (int step = 1; step <= steps; ++step) {
    lasso.descend(from, b, next);
    forward(shrink, next, next);
    from = momentum.beyond(from, x, next);
    x.swap(next);
    if (after_step) after_step(step, x);
  }
  return x;
}

Vector blur(std::size_t n, double width) {
  Vector a(n * n);
  double sum = 0;
  for (std::size_t i = 0; i < n * n; ++i) {
    const std::size_t d = (n + i / n - i % n) % n;
    const auto distance = static_cast<double>(std::min(d, n - d));
    a[i] = evaluate(Gaussian{}, distance / (width * std::numbers::sqrt2));
    sum += a[i];
  }
  for (double& v : a) v *= static_cast<double>(n) / sum;
  return a;
}

Vector random_dictionary(std::size_t n, NormalDraws& draws) {
  Vector a(n / 2 * n);
  for (double& v : a) v = draws.normal();
  for (std::size_t i = 0; i < n; ++i) {
    double squares = 0;
    for (std::size_t k = i; k < a.size(); k += n) squares += a[k] * a[k];
    for (std::size_t k = i; k < a.size(); k += n) a[k] /= std::sqrt(squares);
  }
  return a;
}

Vector spikes(std::size_t n, double share, NormalDraws& draws) {
  Vector x(n);
  for (double& v : x) {
    if (draws.unit() < share) v = draws.normal();
  }
  return x;
}

}  // namespace actfn::lab::experiments
