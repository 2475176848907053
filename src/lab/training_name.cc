// SPDX-License-Identifier: Apache-2.0
#include "lab/training_name.h"

#include <fmt/format.h>

namespace actfn::lab {
namespace {

// Names of files have 255 bytes at most, and more is added to this.
constexpr std::size_t kLongest = 120;

// FNV-1a, by which long names differ that begin alike.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  return hash;
}

}  // namespace

std::string file_name(const std::string& spec) {
  std::string name;
  for (const char c : spec) {
    if (c == '(' || c == ',') {
      name += '_';
    } else if (c == '=') {
      name += '-';
    } else if (c != ')') {
      name += c;
    }
  }
  if (name.size() <= kLongest) return name;
  return fmt::format("{}-{:016x}", name.substr(0, kLongest), hash_of(spec));
}

std::string training_name(const CompareSettings& settings, std::size_t activation,
                          std::uint64_t seed, double lr) {
  const std::string name =
      fmt::format("{}-seed-{}", file_name(settings.activations[activation].name), seed);
  return settings.lr.size() == 1 ? name : fmt::format("{}-lr-{}", name, lr);
}

}  // namespace actfn::lab
