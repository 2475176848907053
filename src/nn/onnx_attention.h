// SPDX-License-Identifier: Apache-2.0
// Self-attention as ONNX operators.
#pragma once

#include <actfn/nn/layers.h>

#include "onnx/graph.h"

#include <cstddef>
#include <string>

namespace actfn::nn {

// The names of a SelfAttention's weights in the graph; empty: there are none.
struct AttentionWeights {
  std::string in_weight, in_bias;
  std::string sinks;  // [kv heads, heads / kv heads, 1, 1]
  std::string out_weight, out_bias;
};

// Adds the layer for sequences of one length. `mask` is the name of the numbers that hide rows.
std::string add_self_attention(onnx::Graph& graph, const SelfAttention& l, std::size_t length,
                               const AttentionWeights& weights, const std::string& mask,
                               const std::string& x);

}  // namespace actfn::nn
