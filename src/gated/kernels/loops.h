// What gates and grouped activations compute beside the activations themselves: products of
// several arrays, limits, rearrangement. One table per instruction set.
#pragma once

#include "kernels/entry.h"

#include <cstddef>
#include <cstdint>

namespace actfn::gated {

// y = f(a) b, its gradients, and the gradients of those. An output may be the very array of an
// input.
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

// f(a), f'(a) and f''(a), computed before.
template <class T>
struct Orders {
  const T *value, *slope, *curve;
};

// Loops over n elements; outputs are written element by element behind the inputs.
template <class T>
struct Arithmetic {
  // Of float alone: y = relu(a) b; the gradients for f(a) = a, and for relu, from `a`.
  void (*relu)(const T* a, const T* b, T* y, std::size_t n);
  void (*identity_backward)(const Backward<T>& arrays, std::size_t n);
  void (*relu_backward)(const Backward<T>& arrays, std::size_t n);
  // da = dy b f'(a), db = dy f(a); `a` itself is not read.
  void (*backward)(const Orders<T>& f, const Backward<T>& arrays, std::size_t n);
  // for_dy = va b f' + vb f, for_a = va dy b f'' + vb dy f', for_b = va dy f'
  void (*double_backward)(const Orders<T>& f, const DoubleBackward<T>& arrays, std::size_t n);
  // y = min(max(x, low), high)
  void (*clamp)(const T* x, T low, T high, T* y, std::size_t n);
  // y = low <= x <= high ? y : 0; NaN where x is.
  void (*keep_within)(const T* x, T low, T high, T* y, std::size_t n);
  void (*add_one)(const T* x, T* y, std::size_t n);

  // first = relu(x), second = relu(-x)
  void (*crelu)(const T* x, T* first, T* second, std::size_t n);
  void (*crelu_backward)(const T* x, const T* dfirst, const T* dsecond, T* dx, std::size_t n);
  // Where x is larger than `best`, or NaN: best = x, index = k. A NaN in `best` stays.
  void (*maximum)(const T* x, T k, T* best, T* index, std::size_t n);
  // dx = index == k ? dy : 0; NaN where `best` is.
  void (*route)(const T* best, const T* index, T k, const T* dy, T* dx, std::size_t n);
};

// f(a) and f'(a) of a few elements, for where the loops below do not reach.
struct Exact {
  const void* context;
  void (*both)(const void* context, const float* a, float* value, float* slope, std::size_t n);
};

// The gates that are asked for most, f in one pass with the products, in float32 arithmetic.
struct Smooth {
  // Stops where an `a` is beyond the loop's reach, or NaN, and before the last few elements: the
  // number done. The bits are those of f(a) b.
  std::size_t (*forward)(const float* a, const float* b, float* y, std::size_t n) = nullptr;
  // All elements. The slope's last bits are its own: all elements within reach have them.
  void (*backward)(const Backward<float>& arrays, const Exact& exact, std::size_t n) = nullptr;
};

// a0 b0 a1 b1 … apart and together again.
template <class T>
struct Weave {
  void (*apart)(const T* x, T* a, T* b, std::size_t n);
  void (*together)(const T* a, const T* b, T* x, std::size_t n);
};

struct Loops {
  Arithmetic<float> of_float;
  Arithmetic<double> of_double;
  Smooth sigmoid, silu, gelu;
  Weave<float> weave_float;
  Weave<double> weave_double;
  Weave<std::uint16_t> weave_bits;  // of the 16-bit types

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

}  // namespace actfn::gated
