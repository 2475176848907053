// SPDX-License-Identifier: Apache-2.0
// Layers as text, "selu+alpha_dropout(p=0.05)", and the widths that they need.
#include <actfn/nn/layers.h>

#include <string>
#include <vector>

#include "support/require.h"
#include "support/stream.h"

namespace actfn::fuzz {
namespace {

void check(std::string_view spec) {
  std::vector<nn::Layer> layers;
  if (!error_of([&] { layers = nn::parse_layers(spec); }).empty()) return;
  require(!layers.empty(), "no layers");
  const std::string text = nn::to_string(layers);
  const std::vector<nn::Layer> again = nn::parse_layers(text);
  if (nn::to_string(again) != text || again.size() != layers.size())
    fail(text + " is read as others");
  for (std::size_t i = 0; i < layers.size(); ++i) {
    require(std::get<Function>(again[i]) == std::get<Function>(layers[i]), "a layer has changed");
  }
  if (const auto curve = nn::curve_of(layers)) validate(*curve);
  for (const int features : {1, 6, 2147483647}) {
    int in = 1;
    error_of([&] { in = nn::in_features_for(layers, features); });
    require(in > 0, "no features go in");
  }
}

}  // namespace
}  // namespace actfn::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  actfn::fuzz::check(actfn::fuzz::Stream(data, size).rest());
  return 0;
}
