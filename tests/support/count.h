// SPDX-License-Identifier: Apache-2.0
// How often a text has a part.
#pragma once

#include <cstddef>
#include <string_view>

namespace actfn::testing {

// Also where the parts overlap.
inline std::size_t count(std::string_view text, std::string_view part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++n;
  return n;
}

}  // namespace actfn::testing
