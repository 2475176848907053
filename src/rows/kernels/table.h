// SPDX-License-Identifier: Apache-2.0
// Kernels of functions of a whole row that is contiguous in memory.
#pragma once

#include <actfn/rows.h>

#include "kernels/entry.h"

#include <cstddef>

namespace actfn {
namespace rows {

// What an element costs where RowMath does not say it.
inline constexpr double kNanoseconds = 0.4;

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

// What a row's results are: probabilities or their logarithms.
struct Form {
  double none;                    // for an entry that has no probability
  double (*share)(double count);  // for each of `count` entries that share the probability 1
};
// Writes a row whose maximum of sign * x is not finite. If it is NaN, all results are NaN. If all
// entries are masked, none has a probability. Else the infinite entries share the probability 1.
template <class T>
void write_special(const Form& form, double sign, double max, const T* x, T* y, std::size_t n);
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
  double (*nanoseconds)(const void* f);  // for one element of a row; a rough estimate
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
