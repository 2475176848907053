// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nn/attention/problem.h"

#include <cstddef>
#include <optional>

namespace actfn::nn::attention {

// What a row of weights is made of: e^(score - max) factor. All 0 where no key takes part.
struct RowState {
  float max, factor;
};

struct ForwardOutputs {
  Matrices out;
  std::optional<Matrices> weights;
  RowState* states = nullptr;  // one a row; null: not wanted
};

// How many queries and keys a tile has. Its sizes depend on those of the problem alone.
struct Tiling {
  std::size_t queries, keys;
};

// The longest rows that are computed whole. Beside tiles they were faster for 512 keys, as fast for
// 1024, and slower for 4096, with a width of 64.
inline constexpr std::size_t kLongestWhole = 1024;

void forward(const Problem& p, const ForwardOutputs& to);

}  // namespace actfn::nn::attention
