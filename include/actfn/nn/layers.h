// What networks are made of.
#pragma once

#include <actfn/activation.h>
#include <actfn/gated.h>
#include <actfn/random.h>
#include <actfn/rows.h>

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

// prelu() with slopes that are learned: one, or one a feature. He et al. 2015, arXiv:1502.01852.
// Optimizers don't decay them, whatever their weight_decay: decay would pull a slope to 0, where
// prelu is relu.
struct PRelu {
  int num_parameters = 1;  // 1, or the number of features
  double init = 0.25;
};

// An activation whose parameters are learned, all that learnable_parameters() names, from the
// values that stand in it; not decayed, as PReLU's. Where a parameter must be positive the raw
// number learned is a with parameter = softplus(a): celu's alpha and xielu's alpha_p; xielu's
// alpha_n is beta + softplus(b), and its beta stays (arXiv:2411.13010).
struct Learnable {
  explicit Learnable(const Activation& a) : activation(a) {}
  Activation activation;
};

// Twice as many features: relu(x), then relu(-x).
struct Crelu {};

// The largest of each `group` neighbours: `group` times fewer features.
struct Maxout {
  int group = 2;
};

// Gates take their two halves from one layer: half as many features come out as go in.
// RowActivations work along the features. RandomActivations draw in training alone.
using Layer = std::variant<Linear, Activation, Gate, RowActivation, RandomActivation, PRelu,
                           Learnable, Crelu, Maxout>;

// What stands between two Linears, by name: "gelu", "prelu", "prelu(num_parameters=128)", "rrelu",
// "swiglu", "maxout(group=4)", "learnable(swish(beta=1))", and several in a row:
// "selu+alpha_dropout(p=0.05)". Throws Error for what no list has; it proposes the nearest name.
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
