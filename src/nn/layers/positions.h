// SPDX-License-Identifier: Apache-2.0
// What positional encodings share.
#pragma once

#include "nn/layers/arguments.h"
#include "nn/module.h"

#include <cstddef>
#include <string_view>

namespace actfn::nn {

// Throws Error unless samples are [length, d_model].
inline void require_sequence(std::string_view who, int d_model, const Shape& in) {
  require_at_least(who, "d_model", 1, d_model);
  require_dimensions(who, in, 2, "length x features");
  require_length(who, "features", d_model, in[1]);
}

// y = x + code for each of the rows.
inline void add_to_rows(std::size_t rows, std::size_t n, const float* code, const float* x,
                        float* y) {
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t i = 0; i < n; ++i) y[row * n + i] = x[row * n + i] + code[i];
  }
}

}  // namespace actfn::nn
