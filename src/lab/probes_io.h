// SPDX-License-Identifier: Apache-2.0
// What the probe has measured as text: probes.csv, and its part of results.json.
#pragma once

#include "lab/results.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

namespace actfn::lab {

// The heading, with what inspect adds to it, and a row for each.
std::string probes_heading(bool inspected = false);
std::string probes_csv(std::span<const LayerProbe> probes,
                       std::span<const Nonlinearity> activations);
// One row; `name` is in the place of the activation.
std::string probe_csv(const LayerProbe& probe, const std::string& name);

nlohmann::ordered_json probes_json(const Comparison& comparison);

// Throws std::runtime_error that names the file, the row and the column.
std::vector<LayerProbe> read_probes(const std::filesystem::path& file,
                                    const CompareSettings& settings);

}  // namespace actfn::lab
