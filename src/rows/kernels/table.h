// Kernels of functions of a whole row that is contiguous in memory. One table per instruction set,
// with a place for each function of the lists in include/actfn/rows.h.
#pragma once

#include <actfn/rows.h>

#include "kernels/entry.h"

#include <array>
#include <cstddef>
#include <type_traits>
#include <variant>

namespace actfn::rows {

// z = sign * x / temperature
struct Scale {
  double sign = 1;
  double temperature = 1;

  constexpr bool is_one() const { return sign == 1 && temperature == 1; }
  constexpr double factor() const { return sign / temperature; }
};

// How float32 results are written: see rows/kernels/non_temporal.h.
enum class Stores { cached, non_temporal };

// Arrays of a row's length: three inputs, two outputs.
struct DoubleBackward {
  const double *y, *dy, *v;
  double *for_dy, *for_x;
};

// Kernels for rows of n > 0 elements. `f` points to the function's struct, with its parameters
// rounded to T. An output may be the same array as an input.
template <class T>
struct Passes {
  void (*forward)(const void* f, const T* x, T* y, std::size_t n, Stores stores) = nullptr;
  void (*backward)(const void* f, const T* y, const T* dy, T* dx, std::size_t n,
                   Stores stores) = nullptr;
};

// The kernels of one function of RowActivation.
struct RowKernels {
  Passes<float> of_float;
  Passes<double> of_double;
  void (*double_backward)(const void* f, const DoubleBackward& arrays, std::size_t n) = nullptr;

  template <class T>
  const Passes<T>& of() const {
    if constexpr (std::is_same_v<T, float>) {
      return of_float;
    } else {
      return of_double;
    }
  }
};

// The kernels of one function of RowReduction. `count` of the n entries are unmasked; the masked
// ones are -inf.
struct ReductionKernels {
  float (*of_float)(const float* x, std::size_t n, std::size_t count) = nullptr;
  double (*of_double)(const double* x, std::size_t n, std::size_t count) = nullptr;
  // dx = dy df/dx
  void (*backward)(const double* x, double dy, double* dx, std::size_t n) = nullptr;

  template <class T>
  auto of() const {
    if constexpr (std::is_same_v<T, float>) {
      return of_float;
    } else {
      return of_double;
    }
  }
};

struct Table {
  // Both in the order of their lists.
  std::array<RowKernels, std::variant_size_v<RowActivation>> activations;
  std::array<ReductionKernels, std::variant_size_v<RowReduction>> reductions;
  double (*softmax1_by_sink)(double sink, const double* x, const double* dy,
                             std::size_t n) = nullptr;

  const RowKernels& of(const RowActivation& f) const { return activations[f.index()]; }
  const ReductionKernels& of(const RowReduction& f) const { return reductions[f.index()]; }
};

// The target must be one that was compiled.
const Table& table(kernels::Target target);

// The value that a masked entry reads: -inf, or +inf where the smallest entries have the largest
// weights.
double excluded_of(const RowActivation& f);

// For rows whose result is decided by a NaN or an infinity: each entry that equals `largest` gets
// `share`, the others get `none`.
template <class T>
void fill_shares(const T* x, T largest, T share, T none, T* y, std::size_t n);
// How many entries equal `value`.
template <class T>
std::size_t count_of(const T* x, T value, std::size_t n);

}  // namespace actfn::rows
