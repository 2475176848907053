// SPDX-License-Identifier: Apache-2.0
// A loop whose result shows whether every element was visited once.
#pragma once

#include <cstddef>
#include <vector>

#include "memory/share.h"

namespace actfn::testing {

// Runs visits of n elements by so many workers; true if each element has had one.
inline bool visits_all_once(std::size_t n, std::size_t unit, const memory::Crew& crew) {
  std::vector<int> visits(n);
  memory::share(n, unit, crew, [&](std::size_t, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) ++visits[i];
  });
  return visits == std::vector<int>(n, 1);
}

}  // namespace actfn::testing
