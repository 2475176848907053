// SPDX-License-Identifier: Apache-2.0
// The parameters of an activation as a network learns them.
#pragma once

#include <actfn/activation.h>

#include <span>
#include <string_view>
#include <vector>

namespace actfn::nn {

class LearnedParameters {
 public:
  // Throws Error where the activation has none, or its values can't be learned from.
  explicit LearnedParameters(const Activation& f);

  std::size_t count() const { return learned_.size(); }
  // The raw numbers that stand for the activation's own values.
  void initialize(std::span<float> raw) const;
  // The activation with these.
  Activation with(std::span<const float> raw) const;
  // gradient[k] = the sum of dy df/draw_k(x).
  void gradient(std::span<const float> raw, std::span<const float> x, std::span<const float> dy,
                std::span<float> gradient) const;

 private:
  // parameter = raw, or floor + softplus(raw).
  struct Learned {
    std::size_t index;  // among learnable_parameters()
    std::string_view name;
    bool above_floor;
    double floor;
  };

  Activation f_;
  std::size_t all_;  // how many learnable_parameters() there are
  std::vector<Learned> learned_;
};

}  // namespace actfn::nn
