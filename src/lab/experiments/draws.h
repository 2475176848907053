// SPDX-License-Identifier: Apache-2.0
// Random numbers of trials: the same at each run and with every C++ library.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>

namespace actfn::lab::experiments {

class Draws {
 public:
  explicit Draws(std::uint64_t seed) : engine_(seed) {}

  // In [0, 1).
  double uniform() { return static_cast<double>(engine_() >> 11U) * 0x1p-53; }
  // From N(0, 1), by Box and Muller.
  double normal() {
    const double radius = std::sqrt(-2 * std::log1p(-uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace actfn::lab::experiments
