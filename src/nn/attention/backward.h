// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nn/attention/forward.h"
#include "nn/attention/problem.h"

#include <cstddef>
#include <optional>

namespace actfn::nn::attention {

struct Gradients {
  Matrices dq, dk, dv;
  std::optional<Tensor> dsinks;
};

// Of softmax, in tiles. out is what forward() gave, in float32, states what it kept.
void backward(const Problem& p, const Matrices& dout, const Matrices& out, const RowState* states,
              const Gradients& to);

// Of other functions of rows, a block of whole rows at a time.
void backward_rows(const Problem& p, const Matrices& dout, const Gradients& to);

}  // namespace actfn::nn::attention
