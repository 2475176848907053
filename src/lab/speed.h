// SPDX-License-Identifier: Apache-2.0
// How long a function takes over an array, compared with its floor: moving the same memory without
// computing anything, measured in turns with it.
#pragma once

#include <actfn/catalogue.h>
#include <actfn/tensor.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "lab/array_memory.h"

namespace actfn::lab {

enum class Work { value, derivative, second_derivative, backward, backward_from_output };

// Nanoseconds per element of x, each the least of many timings.
struct Speed {
  double function = 0;
  double copy = 0;   // std::memcpy of x by one thread
  double floor = 0;  // the copy, or the sum of two arrays
};

// Nanoseconds that a call of each takes, the least of many timings; in turns, so that a slow spell
// of the machine hits all of them. Takes `total_ns`, or the time of a few calls if that is more.
std::vector<double> race(std::span<const std::function<void()>> calls, double total_ns);

// Backward reads two arrays: its floor is their sum, with the vectors that the function has. Of
// 16-bit types: the sum of the same bytes as float32.
constexpr bool floor_is_sum(Work work) {
  return work == Work::backward || work == Work::backward_from_output;
}

// What x and y look like in a measurement. Functions along an axis get rows of 1024 numbers, or
// fewer where that does not fit.
struct Layout {
  std::size_t rows = 1, columns = 0, y_columns = 0;
  bool by_row = false;  // the function works along rows

  std::size_t x_size() const { return rows * columns; }
  std::size_t y_size() const { return rows * y_columns; }
};

// For at most n elements in x and in y, but at least the fewest that f takes.
Layout layout_of(const Function& f, std::size_t n);

// Whether the work is measured for functions like f: derivatives only of elementwise ones.
bool is_measured(const Function& f, Work work);

// Arrays of one type, large enough for some functions. Inputs and gradients are drawn from a normal
// distribution with the mean 0 and the standard deviation 3, always the same ones: both tails and
// the middle.
class Stopwatch {
 public:
  // For these functions, each in its layout for n elements.
  Stopwatch(Type type, std::size_t n, std::span<const Spec> functions);

  // For elementwise functions, of n elements.
  Stopwatch(Type type, std::size_t n);

  // Once, untimed. Throws Error where the function cannot do the work.
  void run_once(const Spec& f, Work work, int threads);

  // One call for race(), of an elementwise function: its arrays are the stopwatch's, which must
  // live longer. Throws as run_once.
  std::function<void()> elementwise_call(const Activation& f, Work work, int threads = 1);

  // Takes about a tenth of a second, or the time of a few calls if that is more. Throws
  // as run_once.
  Speed measure(const Spec& f, Work work, int threads);

 private:
  std::function<void()> call_of(const Spec& f, Work work, const Layout& layout, int threads);
  void sum(std::size_t n) const;

  Type type_;
  std::size_t n_;
  std::size_t capacity_;
  ArrayMemory memory_;
  std::optional<ArrayMemory> outputs_;  // of functions whose backward reads y
};

// The number of elements of which input and output together fill so many bytes.
std::size_t elements_in(std::size_t bytes, Type type);

}  // namespace actfn::lab
