// SPDX-License-Identifier: Apache-2.0
// How many node tests of ONNX each of our functions computes. The tests expect exactly these, and
// docs/modules.md shows them. A function computes those tests of an operator whose attributes it
// can have: silu computes Swish with alpha = 1.
#pragma once

#include <cstddef>
#include <string_view>

namespace actfn::conformance {

struct NodeTestCount {
  std::string_view operation, function;
  std::size_t tests;
};

inline constexpr NodeTestCount kNodeTests[] = {
    {"Attention", "scaled_dot_product_attention", 93},
    {"Celu", "celu", 3},
    {"Clip", "hardtanh", 8},
    {"Elu", "elu", 3},
    {"Gelu", "gelu", 4},
    {"HardSigmoid", "hardsigmoid", 3},
    {"HardSwish", "hardswish", 1},
    {"Hardmax", "hardmax", 7},
    {"LeakyRelu", "leaky_relu", 3},
    {"LeakyRelu", "rrelu", 3},
    {"LogSoftmax", "log_softmax", 7},
    {"Mish", "mish", 1},
    {"PRelu", "prelu", 2},
    {"Relu", "relu", 1},
    {"Selu", "selu", 1},
    {"Selu", "gated", 2},
    {"Shrink", "shrink", 2},
    {"Shrink", "hardshrink", 1},
    {"Shrink", "softshrink", 1},
    {"Sigmoid", "sigmoid", 2},
    {"Softmax", "softmax", 7},
    {"Softmax", "softmax2d", 1},
    {"Softplus", "softplus", 2},
    {"Softsign", "softsign", 2},
    {"SwiGLU", "swiglu", 3},
    {"Swish", "silu", 1},
    {"Swish", "swish", 1},
    {"Tanh", "tanh", 2},
    {"ThresholdedRelu", "threshold", 3},
    {"ThresholdedRelu", "thresholded_relu", 3},
};

// 0 where there is no such pair.
constexpr std::size_t node_tests_of(std::string_view operation, std::string_view function) {
  for (const NodeTestCount& count : kNodeTests) {
    if (count.operation == operation && count.function == function) return count.tests;
  }
  return 0;
}

}  // namespace actfn::conformance
