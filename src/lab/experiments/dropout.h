// SPDX-License-Identifier: Apache-2.0
// Networks with dropout behind each activation, and without.
#pragma once

#include "lab/experiments/curves.h"

#include <array>
#include <span>

namespace actfn::lab::experiments {

inline constexpr const char* kNoDropout = "0";
inline constexpr const char* kDropout = "0.5";
inline constexpr std::array kDropouts = {kNoDropout, kDropout};

// All but activation, setting and layers are those of `like`.
inline Curves with_dropout(std::span<const char* const> activations, const Kind& like) {
  Curves all{.kinds = {}, .setting = "dropout"};
  for (const char* dropout : kDropouts) {
    for (const char* activation : activations) {
      Kind kind = like;
      kind.activation = activation;
      kind.setting = dropout;
      if (std::string_view(dropout) != kNoDropout) {
        kind.layers = fmt::format("{}+dropout(p={})", activation, dropout);
      }
      all.kinds.push_back(std::move(kind));
    }
  }
  return all;
}

inline Readings of(const Readings& readings, std::string_view activation, const char* dropout) {
  return readings.where("activation", activation).where("dropout", dropout);
}

}  // namespace actfn::lab::experiments
