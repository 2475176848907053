// SPDX-License-Identifier: Apache-2.0
// The options of choose, and the settings that they ask for.
#pragma once

#include "lab/choose.h"

#include <actfn/error.h>

#include <CLI/CLI.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::app {

struct ChooseArguments {
  std::optional<std::string> data;
  std::vector<std::string> activations = {"all"};
  std::string lr = "0.0003,0.001,0.003,0.01";
  std::optional<std::string> hidden;
  std::optional<int> batch;
  std::optional<double> validation;
  std::optional<std::string> out;
  bool resume = false;
  int jobs = 0;
  lab::ChooseSettings settings;
  std::vector<std::string> given;  // names of the options on the command line: "--budget"
};

void add_choose_options(CLI::App& command, ChooseArguments& arguments);

// Throws Error where an option is out of range, or --resume takes it from the directory.
void require_arguments(const ChooseArguments& arguments);

// Of a new choice. Throws Error where an option is wrong or does not fit another.
lab::ChooseSettings settings_of(const ChooseArguments& arguments);

// What the plans of compare refuse has its name before it.
template <class F>
auto as_choose(const F& f) {
  constexpr std::string_view kOther = "[compare] ";
  try {
    return f();
  } catch (const Error& e) {
    const std::string what = e.what();
    if (!what.starts_with(kOther)) throw;
    throw Error("[choose] " + what.substr(kOther.size()));
  }
}

}  // namespace actfn::app
