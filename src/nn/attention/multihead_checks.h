// SPDX-License-Identifier: Apache-2.0
// The arguments of MultiheadAttention's passes, checked.
#pragma once

#include "nn/attention/multihead.h"

#include <cstddef>
#include <optional>

namespace actfn::nn::attention {

struct CallShape {
  std::size_t batches, queries, keys;
  bool batched;
};

CallShape checked_call(const MultiheadAttentionSettings& s, const ConstTensor& query,
                       const ConstTensor& key, const ConstTensor& value);

// Both masks of a call, for the keys without those that the module adds.
void add_masks(Problem& p, const MultiheadAttentionOptions& options, const CallShape& shape);

// `last`: the shape of the last output.
void demand_output_gradient(const ConstTensor& dy, const std::optional<Shape>& last);

// The gradient of an input in the caller's shape.
ConstTensor view_of_rows(const Stream& s, std::size_t width, bool batch_first);

}  // namespace actfn::nn::attention
