// SPDX-License-Identifier: Apache-2.0
// The Fisher matrix of a small network.
#pragma once

#include <actfn/activation.h>
#include <actfn/nn/nn.h>

#include "lab/experiment.h"

#include <cstddef>
#include <span>
#include <vector>

namespace actfn::lab::experiments {

// The Fisher matrix F of a classifier, exact for the distribution of its inputs in the samples: the
// mean over samples of the expected g g^T, where g is the gradient of the log-probability of a
// class that is drawn from the network's own distribution. And the gradient of its loss, the mean
// cross-entropy with the labels. In double.
class Fisher {
 public:
  // Of Linear layers with f between them. The samples are floats.
  Fisher(nn::Sequential& network, const Activation& f, const data::Samples& samples,
         const Materials& materials);

  // The cosine of the angle between the gradient and the natural gradient (F + d I)^-1 gradient,
  // where d is `damping` times the mean eigenvalue of F. F alone has no inverse: adding a number to
  // all logits changes nothing.
  double cosine(double damping) const;
  // The same, where F has only its blocks for the weights and the bias of one unit each: the unit
  // natural gradient.
  double unit_cosine(double damping) const;

  // How large the entries of F between a unit's bias and its weights are, which hidden units with a
  // mean of 0 would leave small: the norm of these entries over the root of the product of the
  // traces on both sides. From 0 to 1; the mean over the units whose inputs are hidden units.
  double bias_shift() const;

  // |mean over samples|, the mean over hidden units.
  double mean_activation() const;

 private:
  // The weights of a unit, and its bias behind them: their place among all parameters.
  struct Unit {
    std::size_t layer, begin, inputs;
    std::size_t size() const { return inputs + 1; }
  };

  void add(std::span<const double> gradient, double weight);
  double cosine(const std::vector<Unit>& blocks, double damping) const;
  double at(std::size_t i, std::size_t k) const { return fisher_[i * size_ + k]; }

  std::vector<Unit> units_;
  std::size_t size_ = 0;
  std::vector<double> fisher_;  // below the diagonal and on it
  std::vector<double> gradient_;
  std::vector<double> means_;  // of hidden units
};

}  // namespace actfn::lab::experiments
