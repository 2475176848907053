// SPDX-License-Identifier: Apache-2.0
// Networks with BatchNorm.
#pragma once

#include <actfn/nn/layers.h>

#include <utility>
#include <variant>
#include <vector>

namespace actfn::lab::experiments {

// The layers with a BatchNorm1d behind each Linear but the last.
inline std::vector<nn::Layer> normalized(const std::vector<nn::Layer>& layers) {
  std::vector<nn::Layer> all;
  for (const nn::Layer& layer : layers) {
    all.push_back(layer);
    const auto* const linear = std::get_if<nn::Linear>(&layer);
    const bool last = &layer == &layers.back();
    if (linear == nullptr || last) continue;
    all.emplace_back(nn::BatchNorm1d{.num_features = linear->out_features});
  }
  return all;
}

}  // namespace actfn::lab::experiments
