// SPDX-License-Identifier: Apache-2.0
// What positional encodings share.
#pragma once

#include "nn/cut.h"
#include "nn/layers/arguments.h"
#include "nn/module.h"
#include "nn/team.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace actfn::nn {

// Throws Error unless samples are [length, d_model].
inline void require_sequence(std::string_view who, int d_model, const Shape& in) {
  require_at_least(who, "d_model", 1, d_model);
  require_dimensions(who, in, 2, "length x features");
  require_length(who, "features", d_model, in[1]);
}

// y = x + code for each of the samples, which have n numbers, as code has.
inline void add_to_samples(const Pass& pass, std::size_t n, const float* code, const float* x,
                           float* y) {
  const auto samples = static_cast<int>(pass.rows);
  const int most = std::max(1, kPiece / static_cast<int>(n));
  pass.team->run(part_count(samples, most), [&](int /*member*/, int i) {
    const Range r = part(samples, most, i);
    for (auto row = static_cast<std::size_t>(r.begin); row < static_cast<std::size_t>(r.end);
         ++row) {
      for (std::size_t k = 0; k < n; ++k) y[row * n + k] = x[row * n + k] + code[k];
    }
  });
}

}  // namespace actfn::nn
