// SPDX-License-Identifier: Apache-2.0
// Loops over the logits of one row; through Highway, on the instruction set that actfn::target()
// names. No bit depends on it.
#pragma once

#include <cstddef>

namespace actfn::nn {

// One instruction set's.
struct AdaptiveOps {
  void (*softmax_gradient)(float uniform, float scale, float* z, std::size_t n);
};

// z[i] = uniform - scale * exp(z[i]), z[i] <= 0. Below -87, exp(-87) is taken.
void softmax_gradient(float uniform, float scale, float* z, std::size_t n);

}  // namespace actfn::nn
