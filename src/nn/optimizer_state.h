// SPDX-License-Identifier: Apache-2.0
// The inside of an Optimizer.
#pragma once

#include <actfn/nn/optimizer.h>

#include "nn/buffer.h"
#include "nn/vector_ops.h"

#include <cstdint>

namespace actfn::nn {

struct Optimizer::State {
  std::variant<Adam, Sgd> rule;
  Buffer m, v;
  std::int64_t steps = 0;
  using Step = std::variant<AdamStep, SgdStep>;
  Step now;  // the current step's constants
  Step now_without_decay;

  // Throws Error unless the network has as many parameters as the one this was made for.
  void check(const Buffer& parameters) const;
  void begin_step();
  // Moves n parameters, from w + offset on, by their gradients.
  void update(float* w, std::size_t offset, const float* g, std::size_t n);
  void update_without_decay(float* w, std::size_t offset, const float* g, std::size_t n);

 private:
  void apply(const Step& step, float* w, std::size_t offset, const float* g, std::size_t n);
};

}  // namespace actfn::nn
