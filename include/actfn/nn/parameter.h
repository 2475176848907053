// SPDX-License-Identifier: Apache-2.0
// The learned numbers of modules, by name.
#pragma once

#include <actfn/tensor.h>

#include <span>
#include <string>

namespace actfn::nn {

/// A block of a module's learned numbers.
///
///     std::vector<float> weight(12), gradient(12);
///     const actfn::nn::Parameter p = {"0.weight", {4, 3}, weight, gradient};
struct Parameter {
  std::string name;            ///< as in PyTorch's state_dict(): "in_proj_weight"
  Shape shape;                 ///< as in PyTorch's state_dict()
  std::span<float> values;     ///< write through it to set them
  std::span<float> gradients;  ///< of the last backward()
  bool decayed = true;         ///< whether weight decay acts on it
  /// Whether a matrix lies in memory as its transpose, [shape[1], shape[0]].
  bool transposed = false;
};

}  // namespace actfn::nn
