// SPDX-License-Identifier: Apache-2.0
// The small multiples of inspect: one for each instrument and network.
#pragma once

#include "lab/chart.h"
#include "lab/inspect_sentences.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::lab::report {

// What is measured in each layer.
struct Instrument {
  std::string_view name;  // "gradient"
  std::string_view title;
  std::string_view what;  // for people who never heard of it
  std::string_view axis;
  bool log;
  bool of_functions;  // of those that have a slope of one number
  bool of_training;   // needs an epoch
  double (*of)(const InsidePoint& point);
  std::string (*sentence)(Depth layers);
};

std::span<const Instrument> instruments();

// Those of an instrument, in the order of the networks, on axes that reach equally far. Over
// layers, with a line for the first look, one between and the last; where there are few layers,
// over epochs with a line for each.
std::vector<Chart> multiples(const Instrument& instrument, std::span<const Depth> networks);

}  // namespace actfn::lab::report
