// SPDX-License-Identifier: Apache-2.0
// The lists of the command line: functions, layers, seeds, sizes, types.
#include "arguments.h"

#include <limits>
#include <string>

#include "support/require.h"
#include "support/stream.h"

namespace actfn::fuzz {
namespace {

void check_integers(std::string_view text) {
  std::vector<int> all;
  if (!error_of([&] { all = app::parse_integers("hidden", text); }).empty()) return;
  std::string again;
  for (const int v : all) again += (again.empty() ? "" : ",") + std::to_string(v);
  require(app::parse_integers("hidden", again) == all, "whole numbers have changed");
}

void check_seeds(std::string_view text) {
  std::vector<std::uint64_t> seeds;
  if (!error_of([&] { seeds = app::parse_seeds(text); }).empty()) return;
  require(!seeds.empty() && seeds.size() <= std::max<std::size_t>(10000, text.size()),
          "a wrong number of seeds");
  if (text.find(',') == std::string_view::npos) {
    require(seeds.front() == 1 && seeds.back() == seeds.size(), "seeds are not 1, 2, 3");
  }
}

void check(std::string_view text) {
  check_integers(text);
  check_seeds(text);
  error_of([&] { app::parse_type(text); });
  std::size_t functions = 0;
  const std::vector<std::string> lists = {std::string(text)};
  const bool are_functions =
      error_of([&] { functions = app::parse_functions(lists).size(); }).empty();
  std::size_t layers = 0;
  const bool are_layers =
      error_of([&] { layers = app::parse_nonlinearities(lists).size(); }).empty();
  if (are_functions) require(are_layers && layers == functions, "functions are not layers");
}

}  // namespace
}  // namespace actfn::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  actfn::fuzz::check(actfn::fuzz::Stream(data, size).rest());
  return 0;
}
