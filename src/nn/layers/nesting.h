// SPDX-License-Identifier: Apache-2.0
// Layers inside of another one, for those who look at trainings.
#pragma once

#include "nn/module.h"

#include <cstddef>

namespace actfn::nn {

// What a layer inside of another one gave in a pass, and its own part of that.
struct Inner {
  const Module* module;
  Pass pass;
  const float* output;
};

// A module that has layers.
class Nesting {
 public:
  virtual ~Nesting() = default;
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;

  // The layer at an index, but not the last one, whose output is not kept. `pass` is the last one
  // of the module itself.
  virtual Inner inner(const Pass& pass, std::size_t index) const = 0;

 protected:
  Nesting() = default;
};

}  // namespace actfn::nn
