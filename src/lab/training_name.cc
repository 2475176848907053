// SPDX-License-Identifier: Apache-2.0
#include "lab/training_name.h"

#include "lab/fnv1a.h"

#include <fmt/format.h>

namespace actfn::lab {
namespace {

// Names of files have 255 bytes at most, and more is added to this.
constexpr std::size_t kLongest = 120;

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
  // Long names that begin alike differ by it.
  return fmt::format("{}-{:016x}", name.substr(0, kLongest), fnv1a(spec));
}

std::string training_name(const CompareSettings& settings, std::size_t activation,
                          std::uint64_t seed, double lr) {
  const std::string name =
      fmt::format("{}-seed-{}", file_name(settings.activations[activation].name), seed);
  return settings.lr.size() == 1 ? name : fmt::format("{}-lr-{}", name, lr);
}

}  // namespace actfn::lab
