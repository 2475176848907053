// SPDX-License-Identifier: Apache-2.0
// What is compared: the layers behind each hidden Linear, mostly one activation.
#pragma once

#include <actfn/nn/layers.h>

#include <concepts>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace actfn::lab {

struct Nonlinearity {
  template <std::convertible_to<Activation> A>
  Nonlinearity(const A& activation)  // NOLINT(google-explicit-constructor): an activation is one
      : Nonlinearity(std::vector<nn::Layer>{Activation(activation)}) {}
  explicit Nonlinearity(std::vector<nn::Layer> all)
      : layers(std::move(all)), name(nn::to_string(layers)), curve(nn::curve_of(layers)) {}

  std::vector<nn::Layer> layers;
  std::string name;  // "gelu", "selu+alpha_dropout(p=0.05)"
  std::optional<Activation> curve;
};

}  // namespace actfn::lab
