// SPDX-License-Identifier: Apache-2.0
// Conversion of doubles to 16 bits with one rounding.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace actfn::learned {

// Rounds `value` to odd: if it is no float, to the neighbouring float whose last bit is 1. Rounding
// the result to 16 bits gives the same as rounding `value` directly.
inline float to_odd(double value) {
  const auto nearest = static_cast<float>(value);
  if (!(std::abs(value) <= 0x1.fffffep127) || static_cast<double>(nearest) == value) return nearest;
  auto bits = std::bit_cast<std::uint32_t>(nearest);
  if (std::abs(static_cast<double>(nearest)) > std::abs(value)) --bits;
  return std::bit_cast<float>(bits | 1U);
}

}  // namespace actfn::learned
