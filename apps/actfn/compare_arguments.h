// SPDX-License-Identifier: Apache-2.0
// The options of compare, and the plan that they ask for.
#pragma once

#include "lab/plan.h"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace actfn::app {

struct CompareArguments {
  std::optional<std::string> data;
  std::vector<std::string> activations = {"sigmoid,relu,leaky_relu(negative_slope=0.3),gelu"};
  std::string hidden = "128";
  std::string seeds = "1";
  std::string lr = "0.001";
  std::string probe = "on";
  std::optional<std::string> out;
  bool resume = false;
  bool add = false;
  int jobs = 0;
  int threads = 0;
  lab::CompareSettings settings;
  std::vector<std::string> given;  // names of the options on the command line: "--epochs"
};

void add_compare_options(CLI::App& command, CompareArguments& arguments);

// Of a new comparison. Throws Error where an option is wrong or does not fit another.
lab::CompareSettings settings_of(const CompareArguments& arguments);

// One training per core; cores that are left over work within the trainings.
void share_cores(const CompareArguments& arguments, lab::CompareSettings& settings);

// Throws Error for options that --resume and --add take from the directory.
void require_few_options(const CompareArguments& arguments);

}  // namespace actfn::app
