// Splits a0 b0 a1 b1 … into two arrays and joins them again. One table per instruction set.
#pragma once

#include "kernels/entry.h"

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace actfn::kernels {

// a and b have n elements, x 2 n. Outputs must not overlap inputs.
template <class T>
struct Pairs {
  void (*deinterleave)(const T* x, T* a, T* b, std::size_t n);
  void (*interleave)(const T* a, const T* b, T* x, std::size_t n);
};

struct Interleaving {
  Pairs<float> of_float;
  Pairs<double> of_double;
  Pairs<std::uint16_t> of_bits;  // for the 16-bit types

  template <class T>
  const Pairs<T>& of() const {
    if constexpr (std::is_same_v<T, float>) {
      return of_float;
    } else if constexpr (std::is_same_v<T, double>) {
      return of_double;
    } else {
      return of_bits;
    }
  }
};

const Interleaving& interleaving(Target target);

}  // namespace actfn::kernels
