// SPDX-License-Identifier: Apache-2.0
// Conversions, products and sums of contiguous arrays, which all activations share. One table per
// instruction set.
#pragma once

#include "kernels/entry.h"

#include <cstdint>

namespace actfn::kernels {

// Elements of a buffer. A handful of buffers of this size stay in the first-level cache.
inline constexpr std::size_t kBlock = 512;

// Arrays have n elements; an output may be the same array as an input.
template <class T>
struct Arithmetic {
  void (*multiply)(const T* a, const T* b, T* product, std::size_t n);
  void (*add)(const T* a, const T* b, T* sum, std::size_t n);
  // Sets bit i % 8 of bytes[i / 8] to x[i] == value. Bits beyond n are 0.
  void (*equals)(const T* x, T value, std::uint8_t* bytes, std::size_t n);
  // product[i] = a[i] * (bit i % 8 of bytes[i / 8] ? yes : no)
  void (*multiply_by_bits)(const T* a, const std::uint8_t* bytes, T yes, T no, T* product,
                           std::size_t n);
};

// Between a type of 16 bits and float32. Numbers are rounded to the nearest, ties to even.
struct Conversion {
  void (*widen)(const void* x, float* y, std::size_t n);
  void (*narrow)(const float* x, void* y, std::size_t n);
};

using Blocks = PerType<Arithmetic, float, double>;
const Blocks& blocks(Target target);

struct Conversions {
  Conversion of_bfloat16, of_float16;

  const Conversion& of(Type type) const {
    return type == Type::bfloat16 ? of_bfloat16 : of_float16;
  }
};
const Conversions& conversions(Target target);

}  // namespace actfn::kernels
