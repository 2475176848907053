// SPDX-License-Identifier: Apache-2.0
// The layers of networks.
#pragma once

#include <actfn/catalogue.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace actfn::nn {

/// y = x W + b, with x [rows, in_features], W [in_features, out_features] and b [out_features].
/// PyTorch stores the transpose of W.
struct Linear {
  int in_features;
  int out_features;
};

/// A layer: Linear, or any function of the catalogue that gives a row for a row.
///
/// A gate takes halves of its input's features: it gives half as many features as it is given. Row
/// and grouped functions work along the features. Random functions draw in training only. A Prelu
/// or a Learnable owns its parameters; optimizers do not decay them.
/// Some parameters of a Learnable must be positive. Training then changes a number whose softplus
/// is the parameter: for celu's alpha and xielu's alpha_p. xielu's alpha_n is beta + softplus of
/// such a number, and its beta is not learned (arXiv:2411.13010). A Learnable with a parameter that
/// has become infinite or NaN gives NaN.
using Layer = std::variant<Linear, Function>;

/// Reads the layers between two Linears: one function as parse_function() reads it, or several,
/// joined by '+'. Throws the Errors of parse_function().
///
///     auto layers = actfn::nn::parse_layers("selu+alpha_dropout(p=0.05)");
///     std::string text = actfn::nn::to_string(layers);  // "selu+alpha_dropout(p=0.05)"
///     int in = actfn::nn::in_features_for(actfn::nn::parse_layers("swiglu"), 128);  // 256
std::vector<Layer> parse_layers(std::string_view spec);
/// The inverse. A Linear is written "linear(in_features=784,out_features=128)", which
/// parse_layers() does not read.
std::string to_string(std::span<const Layer> layers);

/// How many features must go into layers without a Linear for out_features to come out: twice as
/// many for a gate, half as many for crelu. Throws Error where no number does: "[crelu] gives a
/// multiple of 2 features, not 5", "[logsumexp] gives one number for a row: no layer can follow
/// it".
int in_features_for(std::span<const Layer> layers, int out_features);

/// The first of the layers as an elementwise function, with its parameters before training and
/// without noise: relu for noisy_relu, leaky_relu(0.25) for prelu. Nothing where it is a Linear, a
/// gate, softmax or the like.
std::optional<Activation> curve_of(std::span<const Layer> layers);

}  // namespace actfn::nn
