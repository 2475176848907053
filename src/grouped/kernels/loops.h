// The loops of CReLU and Maxout over contiguous arrays. One table per instruction set.
#pragma once

#include "kernels/entry.h"

#include <cstddef>
#include <type_traits>

namespace actfn::grouped {

// Over n elements; an output may be the very array of an input.
template <class T>
struct Arithmetic {
  // first = relu(x), second = relu(-x)
  void (*crelu)(const T* x, T* first, T* second, std::size_t n);
  void (*crelu_backward)(const T* x, const T* dfirst, const T* dsecond, T* dx, std::size_t n);
  // Member k of each group: where x is larger than `largest`, or NaN, largest = x and index = k. A
  // NaN in `largest` stays.
  void (*maxout)(const T* x, T k, T* largest, T* index, std::size_t n);
  // dx = index == k ? dy : 0; NaN where `largest` is.
  void (*maxout_backward)(const T* largest, const T* index, T k, const T* dy, T* dx, std::size_t n);
};

struct Loops {
  Arithmetic<float> of_float;
  Arithmetic<double> of_double;

  template <class T>
  const Arithmetic<T>& of() const {
    if constexpr (std::is_same_v<T, float>) {
      return of_float;
    } else {
      return of_double;
    }
  }
};

const Loops& loops(kernels::Target target);

}  // namespace actfn::grouped
