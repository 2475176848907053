// SPDX-License-Identifier: Apache-2.0
// A comparison before it runs.
#pragma once

#include <actfn/error.h>
#include <actfn/nn/schedule.h>

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

  nn::UpdateRule rule(double lr) const;
  // By steps, for a training of so many steps an epoch.
  nn::Schedule schedule(int steps) const;

  CompareSettings settings;
  // By seed, then activation, so that what is cut short is a comparison. Those that look for a
  // learning rate are first.
  std::vector<Training> trainings;
  std::size_t looking = 0;  // how many do
};

// Throws Error where settings do not fit what the data are for: "[compare] label-smoothing is for
// classes, not for a regression".
void require_task(const CompareSettings& settings, data::Task task);
// The same, or where the network can't take such samples: "[compare] --network cnn needs images,
// got 30 columns of numbers".
void require_data(const CompareSettings& settings, const data::Dataset& data);

}  // namespace actfn::lab
