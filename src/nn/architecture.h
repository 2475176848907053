// SPDX-License-Identifier: Apache-2.0
// Layers that fit together: any number of networks are built from them.
#pragma once

#include "nn/module.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace actfn::nn {

// A layer in its place.
struct Part {
  Layer layer;
  std::shared_ptr<const Module> module;  // of a function that is not elementwise
  int width;                             // of its output
};

struct Architecture {
  // Throws Error where a Sequential of these layers would.
  explicit Architecture(const std::vector<Layer>& layers);

  int in_features;
  std::vector<Part> parts;
};

// All learned numbers. The largest size_t where there are more.
std::size_t parameter_count(const Architecture& network);

// How many float32 numbers a training holds: parameters, gradients, the optimizer's two for each
// parameter, and what the layers keep of a batch of so many rows. The largest size_t where there
// are more.
std::size_t training_size(const Architecture& network, std::size_t rows);

}  // namespace actfn::nn
