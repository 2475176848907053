// SPDX-License-Identifier: Apache-2.0
// A training step, to be timed.
#pragma once

#include <actfn/nn/nn.h>

#include "lab/experiments/draws.h"

#include <cstdint>
#include <vector>

namespace actfn::lab::experiments {

inline constexpr std::size_t kStepRows = 32;

// A network with all that a step needs. Its samples are drawn.
class Step {
 public:
  explicit Step(const std::vector<nn::Layer>& layers)
      : net_(layers),
        optimizer_(nn::Adam{}, net_),
        x_(static_cast<std::size_t>(net_.in_features()) * kStepRows),
        labels_(kStepRows),
        gradient_(static_cast<std::size_t>(net_.out_features()) * kStepRows) {
    NormalDraws draws(1);
    for (float& x : x_) x = static_cast<float>(3 * draws.normal());
    net_.initialize(nn::Init::glorot_uniform, 1);
  }

  void run() {
    nn::cross_entropy(net_.forward(x_), labels_, gradient_);
    net_.backward(gradient_, optimizer_);
  }

 private:
  nn::Sequential net_;
  nn::Optimizer optimizer_;
  std::vector<float> x_;
  std::vector<std::uint32_t> labels_;
  std::vector<float> gradient_;
};

}  // namespace actfn::lab::experiments
