// SPDX-License-Identifier: Apache-2.0
// The text of results.csv and results.json.
#pragma once

#include "lab/results.h"

#include <span>
#include <string>

namespace actfn::lab {

// The heading, and a row for each epoch.
std::string csv(std::span<const EpochResult> epochs, std::span<const Nonlinearity> activations);
std::string csv_row(const EpochResult& epoch, const Nonlinearity& activation);
std::string json(const Comparison& comparison);

}  // namespace actfn::lab
