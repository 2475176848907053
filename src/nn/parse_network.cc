// SPDX-License-Identifier: Apache-2.0
// Layers from the text that to_string() writes.
#include <actfn/nn/state_dict.h>

#include "catalogue/error.h"
#include "catalogue/lists.h"
#include "catalogue/number.h"
#include "catalogue/quote.h"

#include <array>
#include <cmath>
#include <limits>
#include <optional>

namespace actfn::nn {
namespace {

constexpr int kMost = std::numeric_limits<int>::max();

std::optional<int> whole_number(std::string_view text) {
  const auto value = read_number<double>(text);
  const bool fits = value && *value >= 1 && *value <= kMost && *value == std::floor(*value);
  return fits ? std::optional(static_cast<int>(*value)) : std::nullopt;
}

// "in_features=4,out_features=8", or "4,8" as in PyTorch.
Linear parse_linear(std::string_view arguments) {
  constexpr std::array<std::string_view, 2> kNames = {"in_features", "out_features"};
  std::array<std::optional<int>, 2> sizes;
  const auto parts = functions::split(arguments, ',');
  bool good = parts.size() == sizes.size();
  for (std::size_t i = 0; good && i < sizes.size(); ++i) {
    const auto equals = parts[i].find('=');
    const bool named = equals != std::string_view::npos;
    const auto name = functions::trimmed(parts[i].substr(0, named ? equals : 0));
    const std::size_t at = named && name == kNames[1 - i] ? 1 - i : i;
    good = (!named || name == kNames[at]) && !sizes[at];
    if (good) sizes[at] = whole_number(functions::trimmed(parts[i].substr(named ? equals + 1 : 0)));
  }
  if (!good || !sizes[0] || !sizes[1]) {
    fail("linear", {"needs in_features and out_features, whole numbers from 1 to ", kMost, ", got ",
                    in_quotes(arguments)});
  }
  return {*sizes[0], *sizes[1]};
}

Layer parse_layer(std::string_view text) {
  constexpr std::string_view kBegin = "linear(";
  text = functions::trimmed(text);
  if (!text.starts_with(kBegin) || !text.ends_with(')')) return parse_function(text);
  return parse_linear(text.substr(kBegin.size(), text.size() - kBegin.size() - 1));
}

}  // namespace

std::vector<Layer> parse_network(std::string_view spec) {
  std::vector<Layer> layers;
  for (const auto part : functions::split(spec, '+')) layers.push_back(parse_layer(part));
  return layers;
}

}  // namespace actfn::nn
