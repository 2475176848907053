// SPDX-License-Identifier: Apache-2.0
// Philox 4x32-10, a counter-based generator (Salmon, Moraes, Dror & Shaw 2011, SC'11). A draw
// depends on (seed, purpose, stream, index) only, so neither threads nor order change it.
#pragma once

#include <array>
#include <cstdint>

namespace actfn {

enum class Purpose : std::uint32_t { weights = 1, shuffle = 2, noise = 3 };

class Philox {
 public:
  using Block = std::array<std::uint32_t, 4>;

  // Different streams of one purpose have independent draws: one for each layer, or for each epoch.
  constexpr Philox(std::uint64_t seed, Purpose purpose, std::uint32_t stream)
      : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32U)},
        purpose_(static_cast<std::uint32_t>(purpose)),
        stream_(stream) {}

  constexpr Block operator()(std::uint64_t index) const {
    return rounds({static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32U),
                   stream_, purpose_},
                  key_);
  }

  // Ten rounds on any counter and key. The published test vectors check these.
  static constexpr Block rounds(Block counter, std::array<std::uint32_t, 2> key) {
    for (int round = 0; round < 10; ++round) {
      const std::uint64_t a = std::uint64_t{0xD2511F53} * counter[0];
      const std::uint64_t b = std::uint64_t{0xCD9E8D57} * counter[2];
      counter = {static_cast<std::uint32_t>(b >> 32U) ^ counter[1] ^ key[0],
                 static_cast<std::uint32_t>(b),
                 static_cast<std::uint32_t>(a >> 32U) ^ counter[3] ^ key[1],
                 static_cast<std::uint32_t>(a)};
      key[0] += 0x9E3779B9;
      key[1] += 0xBB67AE85;
    }
    return counter;
  }

 private:
  std::array<std::uint32_t, 2> key_;
  std::uint32_t purpose_;
  std::uint32_t stream_;
};

// Uniform in (0, 1): an odd multiple of 2^-25, never 0 or 1.
inline double unit(std::uint32_t bits) { return ((bits >> 8U) + 0.5) * 0x1p-24; }

// Uniform in [0, n), n < 2^32, from 64 random bits: probabilities differ by at most 2^-64.
inline std::uint32_t below(std::uint32_t n, std::uint32_t high, std::uint32_t low) {
  const std::uint64_t product = std::uint64_t{high} * n + ((std::uint64_t{low} * n) >> 32U);
  return static_cast<std::uint32_t>(product >> 32U);
}

}  // namespace actfn
