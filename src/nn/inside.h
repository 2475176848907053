// SPDX-License-Identifier: Apache-2.0
// The inside of a network, for those who look at trainings. Looking changes no bit of a training.
#pragma once

#include <actfn/nn/sequential.h>

#include <cstddef>
#include <span>

namespace actfn::nn {

class Inside {
 public:
  // Of a network that lives as long.
  explicit Inside(const Sequential& network) : state_(*network.state_) {}

  // What a layer gave in the last forward(), [rows, width]; valid until the next one.
  std::span<const float> output(std::size_t layer) const;

  // dx = f'(x) of a layer that is elementwise in evaluation, with the numbers that it has learned.
  // x and dx are [rows, width].
  void derivative(std::size_t layer, std::span<const float> x, std::span<float> dx) const;

 private:
  const Sequential::State& state_;
};

}  // namespace actfn::nn
