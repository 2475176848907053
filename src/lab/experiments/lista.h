// SPDX-License-Identifier: Apache-2.0
// A network that codes sparsely: ISTA's steps with learned matrices and thresholds.
#pragma once

#include <actfn/nn/nn.h>

#include "lab/experiments/lasso.h"

#include <cstddef>
#include <span>
#include <vector>

namespace actfn::lab::experiments {

// Gregor & LeCun 2010, ICML: x_t = shrink(W y + S x_(t-1)), x_0 = 0, with a threshold for each
// number of the code. W, S and the thresholds are the same in all steps, and begin as ISTA's.
class Lista {
 public:
  Lista(const Lasso& lasso, int steps);

  // It has views of its own numbers.
  Lista(const Lista&) = delete;
  Lista& operator=(const Lista&) = delete;

  void set_rate(double rate) { optimizer_.set_lr(rate); }

  // Codes of y, a row each. y must not change before learn().
  const std::vector<float>& encode(std::span<const float> y, std::size_t rows);

  // A step of Adam on the mean squared distance of encode()'s codes from others.
  void learn(std::span<const float> codes);

 private:
  using Vector = std::vector<float>;

  void shrink(std::size_t step);
  void shrink_back(std::size_t step, Vector& gradient);

  std::size_t inputs_, codes_, rows_ = 0;
  Vector w_, s_, thresholds_;  // w [inputs, codes], s [codes, codes]
  Vector w_gradient_, s_gradient_, thresholds_gradient_;
  std::span<const float> y_;        // of the last encode()
  Vector projected_;                // W y
  std::vector<Vector> before_, x_;  // of each step: in front of shrink, and behind it
  std::vector<nn::Parameter> parameters_;
  nn::Optimizer optimizer_;
};

}  // namespace actfn::lab::experiments
