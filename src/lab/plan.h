// SPDX-License-Identifier: Apache-2.0
// A comparison before it runs.
#pragma once

#include <actfn/error.h>

#include "lab/results.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace actfn::lab {

struct Training {
  std::size_t activation;  // its index in the settings
  std::uint64_t seed;
  double lr;  // NaN: what the first seed of the activation has shown to be best
};

// Checked settings, and all that follows from them without the data.
struct Plan {
  // Throws Error where a setting is out of range: "[compare] epochs must be at least 1, got 0".
  explicit Plan(CompareSettings checked);

  std::variant<nn::Adam, nn::Sgd> rule(double lr) const;

  CompareSettings settings;
  // By seed, then activation, so that what is cut short is a comparison. Those that look for a
  // learning rate are first.
  std::vector<Training> trainings;
  std::size_t looking = 0;  // how many do
};

}  // namespace actfn::lab
