// SPDX-License-Identifier: Apache-2.0
// Splits a0 b0 a1 b1 … into two arrays and joins them again. One table per instruction set.
#pragma once

#include "kernels/entry.h"

#include <cstddef>
#include <cstdint>

namespace actfn::kernels {

// a and b have n elements, x 2 n. Outputs must not overlap inputs.
template <class T>
struct Pairs {
  void (*deinterleave)(const T* x, T* a, T* b, std::size_t n);
  void (*interleave)(const T* a, const T* b, T* x, std::size_t n);
};

using Interleaving = PerType<Pairs, float, double, std::uint16_t>;  // numbers of 16 bits as bits

const Interleaving& interleaving(Target target);

}  // namespace actfn::kernels
