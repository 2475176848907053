// SPDX-License-Identifier: Apache-2.0
// The pictures of a run as files.
#pragma once

#include "lab/chart.h"

#include <filesystem>
#include <span>
#include <string_view>

namespace actfn::lab {

// Where a run's directory has them.
inline constexpr const char* kFigures = "figures";

// Writes figures/FILE.svg for each chart; without charts, nothing. Throws std::runtime_error
// ("[who] cannot write …").
void write_figures(std::string_view who, const std::filesystem::path& directory,
                   std::span<const Chart> charts);

}  // namespace actfn::lab
