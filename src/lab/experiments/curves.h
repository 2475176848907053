// SPDX-License-Identifier: Apache-2.0
// Networks with different activations that are trained alike, and what is measured of them after
// each epoch.
#pragma once

#include "lab/experiments/seeds.h"
#include "lab/experiments/training.h"
#include "lab/experiments/units.h"

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::lab::experiments {

// How a network is trained on Fashion-MNIST.
struct Course {
  int depth = 1;  // hidden layers
  int width = 128;
  nn::UpdateRule rule = kAdam;
  int batch = 32;
  int epochs = 5;
  std::size_t images = 60'000;  // the first ones
  std::size_t tested = 10'000;
  // The training loss is the mean over the epoch, while it is learned; or that of the first
  // `tested` of the images after it, without noise.
  bool evaluated = false;
};

// The same with fewer epochs and images, where a run is quick.
struct Short {
  int epochs;
  std::size_t images, tested;
  int width = 128;
};
Course shortened(Course course, const Scope& scope, const Short& quick);

// Keras' usual rule with another learning rate.
nn::Adam adam(double rate);

// Networks that differ in the seed alone.
struct Kind {
  std::string activation;    // as figures name it: "relu", "leaky_relu(0.3)"
  std::string setting = {};  // what differs beside it: "0.01", a learning rate
  std::string layers = {};   // behind each hidden Linear; empty: the activation, where 0.3 is the
                             // slope on the left
  nn::Init init = nn::Init::glorot_uniform;
  Course course = {};
};

// Numbers about the hidden units on the first training images.
struct UnitReading {
  std::vector<std::string> columns = {};
  std::function<std::vector<double>(std::span<const HiddenLayer>)> read = {};
  std::size_t samples = 1000;
};

struct Curves {
  std::vector<Kind> kinds;
  std::string setting = {};  // the column of Kind::setting, if there is one
  UnitReading units = {};
};

// "activation", the setting, "seed", "epoch", "train_loss", "train_accuracy", "test_loss",
// "test_accuracy", and those of the units: a row for each epoch.
std::vector<std::string> columns_of(const Curves& curves);
// One for each kind and seed.
std::vector<Trial> trials_of(const Curves& curves, const Scope& scope);
// An experiment's members that follow from its curves.
inline std::function<std::vector<Trial>(const Scope&)> trials_from(Curves (*curves)(const Scope&)) {
  return [curves](const Scope& scope) { return trials_of(curves(scope), scope); };
}

// A column by epoch, with a line for each activation. Its title is left to the caller.
Chart curves_chart(const Readings& readings, std::string_view column, std::string label);
// A row of dots for each kind, by activation: the mean of a column at the end, with its interval.
Line ends(const Readings& readings, std::string name, std::string_view column);

// "; 2 of 20 networks diverged", or nothing.
std::string diverged(const Readings& readings);

// "after 5 epochs of 60,000 images"
std::string after(const Course& course);

}  // namespace actfn::lab::experiments
