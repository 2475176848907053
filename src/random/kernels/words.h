// SPDX-License-Identifier: Apache-2.0
// Draws the random words of an array's elements, block by block.
#pragma once

#include "kernels/blocks.h"
#include "random/kernels/philox.h"
#include "random/kernels/table.h"

#include <algorithm>

namespace actfn::random {

class Drawing {
 public:
  explicit Drawing(const Noise& noise) : noise_(noise) {}

  // The words of n <= kBlock elements from element `at` on. They are valid until the next call.
  Words draw(std::size_t at, std::size_t n) {
    const std::uint64_t position = noise_.first + at;
    const std::size_t before = position % 4;
    const auto purpose = static_cast<std::uint32_t>(Purpose::noise);
    const std::size_t blocks = (before + n + 3) / 4;
    std::fill_n(words_ + 4 * blocks, kExtraWords - 4, 0U);
    table_.words({noise_.seed, 0, purpose}, position / 4, blocks, words_);
    return {words_, before};
  }

 private:
  Noise noise_;
  const Table& table_ = table(kernels::active_target());
  std::uint32_t words_[kernels::kBlock + kExtraWords];
};

}  // namespace actfn::random
