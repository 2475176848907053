// SPDX-License-Identifier: Apache-2.0
// Networks in files, for the commands that read them.
#pragma once

#include <actfn/nn/sequential.h>

#include <CLI/CLI.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace actfn::app {

struct SavedNetworkArguments {
  std::optional<std::string> weights;
  std::optional<std::string> network;
  std::optional<std::string> input;

  std::string file() const { return weights.value_or(""); }
};

// Throws Error, by the name of the command, where an option lacks the one that it belongs to.
void require_fit(std::string_view command, const SavedNetworkArguments& arguments);

// Of --weights, which is given.
nn::Sequential read_network(std::string_view command, const SavedNetworkArguments& arguments);

}  // namespace actfn::app
