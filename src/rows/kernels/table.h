// Kernels of functions of a whole row that is contiguous in memory.
#pragma once

#include <actfn/rows.h>

#include "kernels/entry.h"

#include <cstddef>

namespace actfn {
namespace rows {

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
struct Forward {
  void (*forward)(const void* f, const T* x, T* y, std::size_t n, Stores stores);
};
template <class T>
struct Backward {
  void (*backward)(const void* f, const T* y, const T* dy, T* dx, std::size_t n, Stores stores);
};
struct Gradients : kernels::PerType<Backward, float, double> {
  void (*double_backward)(const void* f, const DoubleBackward& arrays, std::size_t n);
};

// A function of RowReduction. `count` of the n entries are unmasked; the masked ones are -inf.
template <class T>
struct Reduce {
  T (*forward)(const T* x, std::size_t n, std::size_t count);
};
// dx = dy df/dx
using ReduceBackward = void(const double* x, double dy, double* dx, std::size_t n);

// The gradient of softmax1's sink.
using SinkGradient = double(double sink, const double* x, const double* dy, std::size_t n);
SinkGradient& softmax1_by_sink(kernels::Target target);

// For rows whose result is decided by a NaN or an infinity: each entry that equals `largest` gets
// `share`, the others get `none`.
template <class T>
void fill_shares(const T* x, T largest, T share, T none, T* y, std::size_t n);
// How many entries equal `value`.
template <class T>
std::size_t count_of(const T* x, T value, std::size_t n);

}  // namespace rows

namespace kernels {

template <>
struct EntryOf<RowActivation> {
  const functions::Descriptor& (*descriptor)();
  // The value that a masked entry reads: -inf, or +inf where the smallest entries have the largest
  // weights.
  double excluded;
  PerTarget<PerType<rows::Forward, float, double>> kernels;
};
template <>
struct GradientsOf<RowActivation> {
  PerTarget<rows::Gradients> kernels;
};

template <>
struct EntryOf<RowReduction> {
  const functions::Descriptor& (*descriptor)();
  PerTarget<PerType<rows::Reduce, float, double>> kernels;
};
template <>
struct GradientsOf<RowReduction> {
  PerTarget<rows::ReduceBackward> kernels;
};

}  // namespace kernels
}  // namespace actfn
