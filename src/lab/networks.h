// SPDX-License-Identifier: Apache-2.0
// The networks of a comparison, and how their weights begin.
#pragma once

#include <actfn/nn/init.h>

#include "lab/results.h"

#include <string>
#include <vector>

namespace actfn::lab {

// By activation: the network that settings.network names. Where the nonlinearity changes the number
// of features, the layer before it gives as many as it takes for the network's width to come out:
// twice as many for a gate. With settings.match == "parameters" such networks get narrower hidden
// layers, all by one factor, until they have at most 1 % more parameters than those that change no
// width. Throws Error where a layer does not fit, or the network can't take such samples.
std::vector<nn::Architecture> networks_of(const CompareSettings& settings, const SampleForm& form,
                                          std::size_t outputs);

// The same for samples as the network usually gets them, before there are data.
std::vector<nn::Architecture> usual_networks_of(const CompareSettings& settings);

// Units that come out of the hidden layers of each, before they are made narrower.
std::vector<int> widths_of(const CompareSettings& settings);
// What they are, in a line: "784–128–10, fully connected".
std::string network_text(const CompareSettings& settings, const SampleForm& form,
                         std::size_t outputs);

// settings.init, or for "auto" he_uniform for what lets positive inputs through and holds negative
// ones back, lecun_normal for selu, glorot_uniform for all others.
nn::Init init_of(const CompareSettings& settings, const Nonlinearity& nonlinearity);

// The names of the initialisers, by activation.
std::vector<std::string> inits_of(const CompareSettings& settings);

// Throws Error where a training on batches of so many rows would take too much memory. `name` is
// that of the activation.
void require_memory(const std::string& name, const nn::Architecture& network, std::size_t rows);

}  // namespace actfn::lab
