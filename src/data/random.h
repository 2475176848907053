// SPDX-License-Identifier: Apache-2.0
// Random whole numbers, the same everywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>

namespace actfn::data {

// The C++ standard defines this generator bit for bit, but not its distributions.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  // Uniform in [0, n).
  std::size_t below(std::size_t n) {
    const std::uint64_t rest = std::numeric_limits<std::uint64_t>::max() % n;
    std::uint64_t bits = engine_();
    while (bits >= std::numeric_limits<std::uint64_t>::max() - rest) bits = engine_();
    return static_cast<std::size_t>(bits % n);
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace actfn::data
