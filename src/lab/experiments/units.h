// SPDX-License-Identifier: Apache-2.0
// What the hidden units of a network do on samples that it has looked at.
#pragma once

#include "lab/experiments/training.h"

#include <cstddef>
#include <span>
#include <vector>

namespace actfn::lab::experiments {

// A hidden layer: a Linear, and the activation behind it.
struct HiddenLayer {
  std::size_t units;
  std::span<const float> before, after;  // the activation: [samples, units]
  std::vector<float> slopes;             // its derivative there
};

// All of them, as they were in the last look(). Valid until the next pass.
std::vector<HiddenLayer> hidden_layers(Study& study);

// The share of outputs that are exactly 0.
double share_of_zeros(std::span<const HiddenLayer> layers);

// The share of units whose derivative is exactly 0 for all samples, so that they learn nothing.
double share_of_dead(std::span<const HiddenLayer> layers);

// The share of units that get nothing above 0 from any sample.
double share_never_positive(std::span<const HiddenLayer> layers);

// The mean output of each unit over the samples.
std::vector<double> unit_means_of(std::span<const HiddenLayer> layers);

// The output that a share of all outputs, less than 1, is below. 0: the least. NaN where one is.
double output_quantile(std::span<const HiddenLayer> layers, double share);

}  // namespace actfn::lab::experiments
