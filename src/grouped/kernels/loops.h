// SPDX-License-Identifier: Apache-2.0
// The loops of CReLU and Maxout over contiguous arrays. One table per instruction set.
#pragma once

#include "kernels/table.h"

#include <cstddef>

namespace actfn::grouped {

// Loops over n elements. An output may be the same array as an input.
template <class T>
struct Arithmetic {
  // first = relu(x), second = relu(-x)
  void (*crelu)(const T* x, T* first, T* second, std::size_t n);
  void (*crelu_backward)(const T* x, const T* dfirst, const T* dsecond, T* dx, std::size_t n);
  // x holds member k of each group. Where x is larger than `largest`: largest = x, index = k. A NaN
  // in either makes `largest` NaN.
  void (*maxout)(const T* x, T k, T* largest, T* index, std::size_t n);
  // dx = index == k ? dy : 0, NaN where `largest` is NaN.
  void (*maxout_backward)(const T* largest, const T* index, T k, const T* dy, T* dx, std::size_t n);
  // y[i] = the largest of x[i group], x[i group + 1], …, the first of those that are equal.
  void (*maxout_rows)(const T* x, std::size_t group, T* y, std::size_t n);
};

using Loops = kernels::PerType<Arithmetic, float, double>;

const Loops& loops(kernels::Target target);

}  // namespace actfn::grouped
