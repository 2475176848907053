// SPDX-License-Identifier: Apache-2.0
#include "lab/sha256.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace actfn::lab {

void Sha256::add(std::span<const float> numbers) {
  constexpr std::size_t kMost = 1024;
  std::array<std::uint8_t, 4 * kMost> bytes{};
  while (!numbers.empty()) {
    const auto part = numbers.first(std::min(kMost, numbers.size()));
    numbers = numbers.subspan(part.size());
    auto* to = bytes.data();
    for (const float x : part) {
      const auto bits = std::isnan(x) ? 0x7FC00000U : std::bit_cast<std::uint32_t>(x);
      for (const unsigned shift : {0U, 8U, 16U, 24U}) {
        *to++ = static_cast<std::uint8_t>(bits >> shift);
      }
    }
    SHA256Update(&context_, bytes.data(), 4 * part.size());
  }
}

std::string Sha256::digits() {
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
  SHA256Final(digest.data(), &context_);
  std::string text;
  for (const std::uint8_t byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace actfn::lab
