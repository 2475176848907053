// SPDX-License-Identifier: Apache-2.0
// A network that activations are compared in: its file in this folder, and its place in list.cc.
#pragma once

#include "lab/results.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::lab {

struct Network {
  std::string_view name;
  std::string_view summary;  // for --help: a few words

  // What settings are without options.
  CompareSettings (*defaults)();
  bool has_hidden;  // whether settings.hidden has the widths
  // Units that come out of each hidden layer, which is a layer with weights and the activation.
  std::vector<int> (*widths)(const CompareSettings& settings);

  SampleForm usual;  // what settings are checked with before there are data
  // What it needs, "images of at least 12x12", where it can't take such samples; empty where it
  // can.
  std::string (*needs)(const SampleForm& form);
  // Throws Error where the activation doesn't fit.
  nn::Architecture (*build)(std::span<const int> widths, const Nonlinearity& nonlinearity,
                            const SampleForm& form, int outputs);

  // In a line: "784–128–10, fully connected"; and what its units are, where that is to be said.
  std::string (*text)(std::span<const int> widths, const SampleForm& form, std::size_t outputs);
  std::string_view units = "";
};

// THE list. The first one is what settings have by default.
std::span<const Network* const> all_networks();
std::vector<std::string_view> network_names();

// Throws Error: "[compare] network must be mlp or cnn, got 'cn'; did you mean cnn?"
const Network& network_named(std::string_view name);

// Throws Error where the network can't take such samples: "[compare] --network cnn needs images,
// got 30 columns of numbers".
void require_form(const Network& network, const SampleForm& form);

// For the files of networks: appends a layer of so many units and the activation behind it. `layer`
// makes the layer with weights for a number of outputs, which is another one for gates and the
// like.
template <class Make>
void add_hidden(std::vector<nn::Layer>& to, int units, const Nonlinearity& nonlinearity,
                const Make& layer) {
  const std::vector<nn::Layer>& between = nonlinearity.layers;
  to.emplace_back(layer(nn::in_features_for(between, units)));
  to.insert(to.end(), between.begin(), between.end());
}

}  // namespace actfn::lab
