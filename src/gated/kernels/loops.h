// SPDX-License-Identifier: Apache-2.0
// The loops of gates apart from the activations: products of several arrays, and limits. One table
// per instruction set.
#pragma once

#include "kernels/table.h"

#include <cstddef>

namespace actfn::gated {

// The arrays of y = f(a) b's gradients, and of the gradients of those. An output may be the same
// array as an input.
template <class T>
struct Backward {
  const T *a, *b, *dy;
  T *da, *db;
};
template <class T>
struct DoubleBackward {
  const T *a, *b, *dy, *va, *vb;
  T *for_dy, *for_a, *for_b;
};

// The arrays f(a), f'(a) and f''(a).
template <class T>
struct Derivatives {
  const T *value, *first, *second;
};

// Loops over n elements. Each vector of outputs is written after its inputs are read.
template <class T>
struct Arithmetic {
  // da = dy b f'(a), db = dy f(a); `a` itself is not read.
  void (*backward)(const Derivatives<T>& f, const Backward<T>& arrays, std::size_t n);
  // for_dy = va b f' + vb f, for_a = va dy b f'' + vb dy f', for_b = va dy f'
  void (*double_backward)(const Derivatives<T>& f, const DoubleBackward<T>& arrays, std::size_t n);
  // y = min(max(x, low), high)
  void (*clamp)(const T* x, T low, T high, T* y, std::size_t n);
  // y = low <= x <= high ? y : 0, NaN where x is NaN.
  void (*keep_within)(const T* x, T low, T high, T* y, std::size_t n);
  // y = x + c
  void (*add)(const T* x, T c, T* y, std::size_t n);
};

// f(a) and f'(a) of a few elements that the loops below cannot compute.
struct Exact {
  const void* context;
  void (*both)(const void* context, const float* a, float* value, float* first, std::size_t n);
};

// Loops over arrays of float that compute f and the products in one pass. Either may be null.
struct Fused {
  // Returns the number of elements that are done. It stops where an `a` is NaN or out of reach, and
  // may stop before the last few elements. Gives the bits of f(a) b.
  std::size_t (*forward)(const float* a, const float* b, float* y, std::size_t n) = nullptr;
  // Does all elements. For sigmoid and silu, f' may differ from derivative() in its last bits.
  void (*backward)(const Backward<float>& arrays, const Exact& exact, std::size_t n) = nullptr;
};

struct Loops : kernels::PerType<Arithmetic, float, double> {
  Fused identity, relu, sigmoid, silu, gelu;
};

const Loops& loops(kernels::Target target);

}  // namespace actfn::gated
