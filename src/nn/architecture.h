// SPDX-License-Identifier: Apache-2.0
// Layers that fit together: any number of networks are built from them.
#pragma once

#include "nn/module.h"

#include <cstddef>
#include <vector>

namespace actfn::nn {

// A layer in its place.
struct Part {
  Layer layer;
  ModulePointer module;  // of one that is neither a Linear nor elementwise
  Shape shape;           // of a sample that it gives
  int width;             // the last length of that
  int size;              // its elements
};

struct Architecture {
  // Throws Error where a Sequential of these layers would.
  explicit Architecture(const std::vector<Layer>& layers);
  Architecture(const Shape& samples, const std::vector<Layer>& layers);

  Shape in;         // of a sample
  int in_features;  // its elements
  std::vector<Part> parts;
};

// All learned numbers. The largest size_t where there are more.
std::size_t parameter_count(const Architecture& network);

// How many float32 numbers a training holds: parameters, gradients, the optimizer's two for each
// parameter, and what the layers keep of a batch of so many rows. The largest size_t where there
// are more.
std::size_t training_size(const Architecture& network, std::size_t rows);

}  // namespace actfn::nn
