// SPDX-License-Identifier: Apache-2.0
// A comparison before it runs.
#pragma once

#include <actfn/error.h>
#include <actfn/nn/init.h>

#include "lab/results.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace actfn::lab {

struct Training {
  std::size_t activation;  // its index in the settings
  std::uint64_t seed;
};

// Checked settings, and all that follows from them without the data.
struct Plan {
  // Throws Error where a setting is out of range: "[compare] epochs must be at least 1, got 0".
  explicit Plan(CompareSettings checked);

  CompareSettings settings;
  std::variant<nn::Adam, nn::Sgd> rule;
  nn::Init init;
  std::vector<nn::Architecture> networks;  // by activation, for images of the usual size
  std::vector<Training> trainings;         // in the order of the results: by activation, then seed
};

// Throws Error where a training on batches of so many images would take too much memory. `name` is
// that of the activation.
void require_memory(const std::string& name, const nn::Architecture& network, std::size_t rows);

}  // namespace actfn::lab
