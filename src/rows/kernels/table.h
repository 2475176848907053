// Kernels of functions of a whole row, which lies contiguous in memory. One table per instruction
// set.
#pragma once

#include "kernels/entry.h"

#include <cstddef>
#include <type_traits>

namespace actfn::rows {

enum class Rule { softmax, log_softmax, sparsemax, entmax15, entmax, hardmax };

// Of sign * x / temperature; the latter for softmax and log_softmax alone, alpha for entmax.
struct Rules {
  Rule rule = Rule::softmax;
  double sign = 1;
  double temperature = 1;
  double alpha = 0;
  bool past_caches = false;  // arrays are more than caches hold, see rows/kernels/non_temporal.h
};

// Rows of n > 0 elements. An output may be the same array as an input. Null, or without the rule
// `entmax`: to be had for doubles alone.
template <class T>
struct Kernels {
  void (*forward)(const Rules& f, const T* x, T* y, std::size_t n);
  void (*backward)(const Rules& f, const T* y, const T* dy, T* dx, std::size_t n);
  void (*logsumexp)(const T* x, T* y, std::size_t n);  // y: one element
  void (*double_backward)(const Rules& f, const T* y, const T* dy, const T* v, T* for_dy,
                          T* for_x, std::size_t n);
  // y = weight softmax(x)
  void (*weighted_softmax)(const T* x, T weight, T* y, std::size_t n);
};

struct Table {
  Kernels<float> of_float;
  Kernels<double> of_double;

  template <class T>
  const Kernels<T>& of() const {
    if constexpr (std::is_same_v<T, float>) {
      return of_float;
    } else {
      return of_double;
    }
  }
};

// Of a target that was compiled.
const Table& table(kernels::Target target);

// Rows in which a NaN or an infinity decides. Each of the entries that equal `largest` gets
// `share`, the others `none`.
template <class T>
void fill_shares(const T* x, T largest, T share, T none, T* y, std::size_t n);
template <class T>
std::size_t count_of(const T* x, T value, std::size_t n);

}  // namespace actfn::rows
