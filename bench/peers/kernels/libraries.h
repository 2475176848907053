// SPDX-License-Identifier: Apache-2.0
// The libraries that peers.cc measures.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "lab/array_memory.h"

namespace actfn::peers {

// One pass over the arrays; empty where the library does not have the function.
using Call = std::function<void()>;

struct Request {
  std::string order;  // "0", "backward" or "backward_from_output"
  std::string spec;   // as actfn spells it
  bool half;          // bfloat16, not float32
};

// Floats, or as many bfloat16. `second` holds the gradient.
struct Arrays {
  float *x, *second, *out;
  std::size_t n;
};

// Drawn from a normal distribution with the standard deviation 3.
class Memory {
 public:
  Memory(std::size_t n, bool half);
  Arrays arrays(std::size_t n) const;

 private:
  lab::ArrayMemory memory_;
};

// Empty: not there when this was built.
std::string onednn_version();
std::string eigen_version();
std::string highway_version();
std::string sleef_version();

Call onednn(const Request& request, const Arrays& arrays);
Call eigen(const Request& request, const Arrays& arrays);
Call highway(const Request& request, const Arrays& arrays);
Call sleef(const Request& request, const Arrays& arrays);

}  // namespace actfn::peers
