// SPDX-License-Identifier: Apache-2.0
// Sparse coding: a code x with few numbers that are not 0, for which A x is near y.
#pragma once

#include "lab/experiments/draws.h"

#include <cstddef>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace actfn::lab::experiments {

// The problem: the least of F(x) = |A x - y|^2 / 2 + lambda |x|_1, with A [rows, columns].
class Lasso {
 public:
  Lasso(std::vector<double> a, std::size_t columns, double lambda);

  std::size_t columns() const { return columns_; }
  std::size_t rows() const { return a_.size() / columns_; }
  double lambda() const { return lambda_; }
  void set_lambda(double lambda) { lambda_ = lambda; }
  // The largest eigenvalue of A^T A, a thousandth more for safety.
  double largest() const { return largest_; }
  double a(std::size_t row, std::size_t column) const { return a_[row * columns_ + column]; }
  double gram(std::size_t i, std::size_t k) const { return gram_[i * columns_ + k]; }

  std::vector<double> times(std::span<const double> x) const;         // A x
  std::vector<double> correlations(std::span<const double> y) const;  // A^T y
  double objective(std::span<const double> x, std::span<const double> y) const;
  // z - A^T (A z - y) / largest(), where b = A^T y.
  void descend(std::span<const double> z, std::span<const double> b, std::span<double> to) const;

 private:
  std::vector<double> a_, gram_;
  std::size_t columns_;
  double lambda_, largest_;
};

// ISTA descends and shrinks by softshrink; FISTA does so from a point further along, and may begin
// its momentum anew where it points uphill (O'Donoghue & Candes 2015). IHT shrinks by hardshrink:
// it looks for the least of |A x - y|^2 / 2 + lambda |x|_0.
enum class Scheme { ista, fista, restarted_fista, iht };
std::string_view to_string(Scheme scheme);

// From x = 0. Calls after_step(step, x), with steps from 1. Returns the last x.
std::vector<double> solve(
    const Lasso& lasso, std::span<const double> y, Scheme scheme, int steps,
    const std::function<void(int, const std::vector<double>&)>& after_step = {});

// Matrices of problems, [n, n] and [n / 2, n]: blurring by a Gaussian of some standard deviation,
// on a circle, whose eigenvalues are spread evenly over many decades; and columns from N(0, 1), of
// norm 1.
std::vector<double> blur(std::size_t n, double width);
std::vector<double> random_dictionary(std::size_t n, NormalDraws& draws);

// A code: a share of its numbers is from N(0, 1), the others are 0.
std::vector<double> spikes(std::size_t n, double share, NormalDraws& draws);

}  // namespace actfn::lab::experiments
