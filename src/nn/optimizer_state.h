// SPDX-License-Identifier: Apache-2.0
// The inside of an Optimizer.
#pragma once

#include <actfn/nn/optimizer.h>

#include "nn/buffer.h"
#include "nn/vector_ops.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace actfn::nn {

struct Optimizer::State {
  UpdateRule rule;
  Buffer m, v;
  // How many numbers each of the parameters has; nothing where it was made for a Sequential, whose
  // memory m and v follow.
  std::optional<std::vector<std::size_t>> sizes;
  std::int64_t steps = 0;
  using Step = std::variant<AdamStep, SgdStep>;
  Step now;  // the current step's constants
  Step now_without_decay;

  // Throws Error unless the network has as many parameters as the one this was made for.
  void check(const Buffer& parameters) const;
  // Throws Error unless the parameters have the sizes of those this was made for.
  void check(std::span<const Parameter> parameters) const;
  void begin_step();
  // Moves n parameters, from w + offset on, by their gradients.
  void update(float* w, std::size_t offset, const float* g, std::size_t n);
  void update_without_decay(float* w, std::size_t offset, const float* g, std::size_t n);
  // Moves all numbers of a parameter whose moments begin at `offset`.
  void update(const Parameter& parameter, std::size_t offset);

 private:
  static void apply(const Step& step, const UpdateBlock& block);
};

}  // namespace actfn::nn
