// A comparison before it runs.
#pragma once

#include <actfn/error.h>
#include <actfn/nn/init.h>

#include "lab/results.h"

#include <fmt/format.h>

#include <cstdint>
#include <variant>
#include <vector>

namespace actfn::lab {

struct Training {
  std::size_t activation;  // its index in the settings
  std::uint64_t seed;
};

// Checked settings, and all that follows from them without the data.
struct Plan {
  // Throws Error where a setting is out of range: "[compare] epochs must be at least 1, got 0".
  explicit Plan(CompareSettings checked);

  CompareSettings settings;
  std::variant<nn::Adam, nn::Sgd> rule;
  nn::Init init;
  std::vector<nn::Architecture> networks;  // by activation, for images of the usual size
  std::vector<Training> trainings;         // in the order of the results: by activation, then seed
};

// Throws Error where the hidden layers would not fit into memory.
inline void require_memory(const nn::Architecture& network) {
  constexpr double kMostParameters = 1 << 27;
  double parameters = 0;
  for (std::size_t i = 0; i + 1 < network.parts.size(); ++i) {
    const auto* const l = std::get_if<nn::Linear>(&network.parts[i].layer);
    if (l != nullptr) parameters += (l->in_features + 1.0) * l->out_features;
  }
  if (parameters <= kMostParameters) return;
  throw Error(fmt::format("[compare] hidden layers with {:.3g} parameters are more than {:.3g}",
                          parameters, kMostParameters));
}

}  // namespace actfn::lab
