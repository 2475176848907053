// SPDX-License-Identifier: Apache-2.0
// Elementwise work that a team shares.
#pragma once

#include "nn/cut.h"
#include "nn/team.h"

#include <algorithm>
#include <cstddef>

namespace actfn::nn {

// f(where it begins, how many) for every piece of n numbers.
template <class F>
void in_pieces(Team& team, std::size_t n, const F& f) {
  constexpr auto kMost = static_cast<std::size_t>(kPiece);
  team.run(static_cast<int>((n + kMost - 1) / kMost), [&](int /*member*/, int i) {
    const std::size_t begin = static_cast<std::size_t>(i) * kMost;
    f(begin, std::min(kMost, n - begin));
  });
}

inline void copy(Team& team, std::size_t n, const float* x, float* y) {
  in_pieces(team, n, [&](std::size_t at, std::size_t size) { std::copy_n(x + at, size, y + at); });
}

}  // namespace actfn::nn
