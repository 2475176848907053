// SPDX-License-Identifier: Apache-2.0
// The loops of PReLU. One table per instruction set.
#pragma once

#include "kernels/table.h"

#include <cstddef>

namespace actfn::learned {

// Loops over arrays of n elements, with one weight per element. An output may be the same array as
// an input.
template <class T>
struct PreluLoops {
  // to[i] = w. `to` must have room for one vector more than n elements.
  void (*fill)(T w, T* to, std::size_t n);
  // y = x > 0 ? x : w x
  void (*value)(const T* x, const T* w, T* y, std::size_t n);
  // dx = x > 0 ? dy : w dy
  void (*backward)(const T* x, const T* w, const T* dy, T* dx, std::size_t n);
  // for_dy = v f'(x) + v_weight min(x, 0)
  void (*for_dy)(const T* x, const T* w, const T* v, const T* v_weight, T* for_dy, std::size_t n);
  // y = x > 0 ? 0 : a b
  void (*below)(const T* x, const T* a, const T* b, T* y, std::size_t n);
  void (*below_in_double)(const T* x, const T* a, const T* b, double* y, std::size_t n);
};

using PreluTable = kernels::PerType<PreluLoops, float, double>;

const PreluTable& prelu_loops(kernels::Target target);

}  // namespace actfn::learned
