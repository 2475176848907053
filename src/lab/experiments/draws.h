// SPDX-License-Identifier: Apache-2.0
// Random numbers of trials.
#pragma once

#include "kernels/blocks.h"
#include "lab/parameters_draws.h"
#include "random/kernels/table.h"

#include <array>
#include <cstdint>

namespace actfn::lab::experiments {

// The numbers have the same bits at each run and on every CPU: those of N(0, 1) come from the
// kernels, which need no logarithm or cosine of the C library.
class NormalDraws : public Draws {
 public:
  explicit NormalDraws(std::uint64_t seed) : Draws(seed) {}

  // From N(0, 1).
  double normal() {
    if (next_ == kTogether) refill();
    return normals_.at(next_++);
  }

 private:
  static constexpr std::size_t kTogether = 256;

  void refill() {
    std::array<std::uint32_t, kTogether + random::kExtraWords> words{};
    for (std::size_t i = 0; i < kTogether; ++i) words.at(i) = static_cast<std::uint32_t>(bits());
    random::table(kernels::active_target()).normals(words.data(), normals_.data(), kTogether);
    next_ = 0;
  }

  std::array<double, kTogether + random::kExtraWords> normals_{};
  std::size_t next_ = kTogether;
};

}  // namespace actfn::lab::experiments
