// SPDX-License-Identifier: Apache-2.0
// What a run has left in its directory.
#pragma once

#include "lab/results.h"

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::lab {

struct StoredRun {
  std::filesystem::path directory;
  Comparison comparison;   // of a killed run only settings, epochs and probes
  bool described = false;  // by results.json
};

// The run whose results.json or settings.json, and results.csv, are in the directory, with its
// probes.csv if there is one; nothing where there are none. Throws std::runtime_error that names
// the file and what is wrong with it.
std::optional<StoredRun> read_run(const std::filesystem::path& directory);

// Of settings_json(). Throws what read_run() throws, with `file` for its name.
CompareSettings read_settings(const std::filesystem::path& file, std::string_view json);

// The rows of a table with the columns of results.csv, whatever else it has: by activation, seed,
// learning rate and epoch. Throws what read_run() throws.
std::vector<EpochResult> read_rows(const std::filesystem::path& file,
                                   const CompareSettings& settings);

// Why two runs cannot be put together: "epochs is 5 in A, 20 in B"; empty where they can. Seeds,
// activations, jobs and threads may differ.
std::string difference(const CompareSettings& a, const CompareSettings& b);

// Adds the activations and seeds that `to` does not have, in their order.
void widen(CompareSettings& to, const CompareSettings& by);

// Adds rows. Of two rows of one epoch the one that was tested stays.
void unite(std::vector<EpochResult>& rows, std::span<const EpochResult> more);

// Adds what the probe measured. Of two rows of one layer and epoch the first stays.
void unite(std::vector<LayerProbe>& probes, std::span<const LayerProbe> more);

// The rows of `run`, with the activations as `settings` number them.
std::vector<EpochResult> rows_for(const CompareSettings& settings, const StoredRun& run);
std::vector<LayerProbe> probes_for(const CompareSettings& settings, const StoredRun& run);

}  // namespace actfn::lab
