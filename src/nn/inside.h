// SPDX-License-Identifier: Apache-2.0
// The inside of a network, for those who look at trainings. Looking changes no bit of a training.
#pragma once

#include <actfn/nn/sequential.h>

#include <cstddef>
#include <span>
#include <vector>

namespace actfn::nn {

struct Inner;

class Inside {
 public:
  // A layer: its index in the network, and in each Residual around it, from the outermost on.
  using Path = std::vector<std::size_t>;

  // Of a network that lives as long.
  explicit Inside(const Sequential& network) : state_(*network.state_) {}

  // What a layer gave in the last forward(), [rows, …]; valid until the next one. Not of the last
  // layer in a Residual.
  std::span<const float> output(const Path& layer) const;

  // dx = f'(x) of a layer that is elementwise in evaluation, with the numbers that it has learned.
  // x and dx are [rows, …].
  void derivative(const Path& layer, std::span<const float> x, std::span<float> dx) const;

 private:
  Inner find(const Path& layer) const;

  Sequential::State& state_;
};

}  // namespace actfn::nn
