// SPDX-License-Identifier: Apache-2.0
// The inside of an Optimizer.
#pragma once

#include <actfn/nn/optimizer.h>

#include "nn/buffer.h"
#include "nn/vector_ops.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

namespace actfn::nn {

struct Optimizer::State {
  // Throws Error where a number of the rule is out of range.
  explicit State(const UpdateRule& r);
  // For n parameters in all.
  void resize(std::size_t n);

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
  // Moves parameters by their gradients. Their moments begin at `offset`; `decayed`: whether weight
  // decay acts on them.
  void update(bool decayed, std::span<float> w, const float* g, std::size_t offset);
};

}  // namespace actfn::nn
