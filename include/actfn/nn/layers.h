// What networks are made of.
#pragma once

#include <actfn/catalogue.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace actfn::nn {

// y = x W + b; x [rows, in_features], W [in_features, out_features], b [out_features].
// (PyTorch stores the transpose of W.)
struct Linear {
  int in_features;
  int out_features;
};

// A layer: y = x W + b, or any function of the catalogue.
//
// Gates take their two halves from one layer: half as many features come out as go in. Row and
// grouped functions work along the features. Random functions draw in training only. A Prelu or a
// Learnable owns its parameters; optimizers do not decay them. Where a Learnable's parameter must
// be positive the raw number learned is a with parameter = softplus(a): celu's alpha and xielu's
// alpha_p; xielu's alpha_n is beta + softplus(b), and its beta stays (arXiv:2411.13010).
using Layer = std::variant<Linear, Function>;

// The layers between two Linears, by name: one function as parse_function() reads it, or several in
// a row: "selu+alpha_dropout(p=0.05)". Throws the Errors of parse_function().
std::vector<Layer> parse_layers(std::string_view spec);
// The inverse. A Linear is "linear(in_features=784,out_features=128)", which can't be parsed.
std::string to_string(std::span<const Layer> layers);

// How many features must go into layers without a Linear, for so many to come out: twice as many
// for a gate, half as many for crelu. Throws Error where no number does.
int in_features_for(std::span<const Layer> layers, int out_features);

// The function of one number that layers begin with, as it is before training and in evaluation:
// relu for noisy_relu, leaky_relu(0.25) for prelu. None for gates, softmax and the like.
std::optional<Activation> curve_of(std::span<const Layer> layers);

}  // namespace actfn::nn
