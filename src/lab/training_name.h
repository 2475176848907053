// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/results.h"

#include <cstdint>
#include <string>

namespace actfn::lab {

// "elu(alpha=0.5)" as a part of the name of a file, "elu_alpha-0.5", which no shell and no file
// system minds.
std::string file_name(const std::string& spec);

// One training as the name of a file or directory: "gelu-seed-1", "elu_alpha-0.5-seed-1", and
// "gelu-seed-1-lr-0.003" where several learning rates are tried. Two trainings of a comparison have
// two names.
std::string training_name(const CompareSettings& settings, std::size_t activation,
                          std::uint64_t seed, double lr);

}  // namespace actfn::lab
