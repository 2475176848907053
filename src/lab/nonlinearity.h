// What is compared: the layers that stand behind each hidden Linear, mostly one activation.
#pragma once

#include <actfn/nn/layers.h>

#include <concepts>
#include <string>
#include <utility>
#include <vector>

namespace actfn::lab {

class Nonlinearity {
 public:
  template <std::convertible_to<Activation> A>
  Nonlinearity(const A& activation)  // NOLINT(google-explicit-constructor): an activation is one
      : layers_{Activation(activation)} {}
  explicit Nonlinearity(std::vector<nn::Layer> layers) : layers_(std::move(layers)) {}

  const std::vector<nn::Layer>& layers() const { return layers_; }

 private:
  std::vector<nn::Layer> layers_;
};

// "gelu", "selu+alpha_dropout(p=0.05)"
inline std::string to_string(const Nonlinearity& n) { return nn::to_string(n.layers()); }

}  // namespace actfn::lab
