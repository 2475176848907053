// SPDX-License-Identifier: Apache-2.0
// Networks with different activations that are trained alike, and what is measured of them after
// each epoch.
#pragma once

#include "lab/experiments/common.h"
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

// Networks that differ in the seed alone.
struct Kind {
  std::string activation;    // as figures name it
  std::string setting = {};  // what differs beside it: "0.01", a learning rate
  std::string layers = {};   // behind each hidden Linear; empty: the activation
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

// Of the rows of one kind: the last epoch, and a column at an epoch, by seed.
int last_epoch(const Readings& kind);
std::vector<double> at_epoch(const Readings& kind, int epoch, std::string_view column);
std::vector<double> at_end(const Readings& kind, std::string_view column);
// By epoch, the mean over seeds with its interval.
Line by_epoch(const Readings& kind, std::string name, std::string_view column);
// By epoch, the median over seeds, between the least and the most.
Line medians_by_epoch(const Readings& kind, std::string name, std::string_view column);
double median(std::vector<double> values);

// A column by epoch, with a line for each activation. Its title is left to the caller.
Chart curves_chart(const Readings& readings, std::string_view column, std::string label);
// What its lines end with: "elu 0.412, relu 0.447".
std::string ends_of(const Chart& curves);

// A row of dots for each kind, by activation: the mean of a column at the end, with its interval.
Line ends(const Readings& readings, std::string name, std::string_view column);

// a - b by seed. Seeds for which one has diverged are left out.
PairedDifference difference(std::span<const double> a, std::span<const double> b);

// What an interval says: yes where all of it is below the bound, or above it, and no where none is.
Holds is_below(const Interval& interval, double bound = 0);
Holds is_above(const Interval& interval, double bound = 0);
// yes where all of them hold, no where one does not.
Holds all_hold(std::span<const Holds> parts);

// "0.312 ± 0.004", half of the interval.
std::string with_reach(const PairedDifference& d);

// "; 2 of 20 networks diverged", or nothing.
std::string diverged(const Readings& readings);

// "after 5 epochs of 60,000 images"
std::string after(const Course& course);

}  // namespace actfn::lab::experiments
