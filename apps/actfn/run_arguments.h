// SPDX-License-Identifier: Apache-2.0
// What the commands that train networks have in common: options, data, directories.
#pragma once

#include "data/dataset.h"
#include "lab/results.h"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::app {

// --data, --label and --task.
void add_data_options(CLI::App& command, std::optional<std::string>& data,
                      lab::CompareSettings& settings);
void add_network_option(CLI::App& command, lab::CompareSettings& settings);
void add_match_option(CLI::App& command, lab::CompareSettings& settings);
// --out and --resume. The usual directory is that of dated_directory() for the command.
void add_out_options(CLI::App& command, std::optional<std::string>& out, bool& resume);

// "0.001,0.01". Throws Error for what is no number.
std::vector<double> parse_rates(std::string_view command, const std::string& text);

// An absolute path, so that a run can be repeated from anywhere; by default Fashion-MNIST's. Throws
// std::runtime_error where that is not installed.
std::string data_path(const std::optional<std::string>& given);

data::Dataset read_data(const lab::CompareSettings& settings);

// "actfn-compare-20261127-091400"
std::filesystem::path dated_directory(std::string_view command);

}  // namespace actfn::app
