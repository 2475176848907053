// SPDX-License-Identifier: Apache-2.0
// Layers as ONNX operators.
#pragma once

#include <actfn/nn/layers.h>
#include <actfn/nn/parameter.h>

#include "onnx/graph.h"

#include <span>
#include <string>
#include <vector>

namespace actfn::nn {

// What layers one after the other need of the graph and the network.
struct LayerGraph {
  onnx::Graph& graph;
  std::span<const Parameter> parameters;  // of the whole network, and its buffers
};

// Adds layers whose parameters' names begin with `prefix`, for samples of the shape `in`, which
// becomes that of their results; gives the name of the result. Throws Error for a layer that has no
// form in ONNX: "[onnx] layer 2, rnn(input_size=8,hidden_size=16), cannot be exported".
std::string add_layers(const LayerGraph& to, std::span<const Layer> layers,
                       const std::string& prefix, Shape& in, std::string x);

}  // namespace actfn::nn
