// How long an activation takes over an array, beside its floor: moving the same memory without
// computing anything, measured in turns with it.
#pragma once

#include <actfn/activation.h>
#include <actfn/array.h>

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "lab/array_memory.h"

namespace actfn::lab {

enum class Work { value, derivative, second_derivative, backward, backward_from_output };

// Nanoseconds an element, each the least of many timings.
struct Speed {
  double activation = 0;
  double copy = 0;   // std::memcpy of the input by one thread
  double floor = 0;  // what reads and writes as many arrays: the copy, or a sum
};

// Nanoseconds that a call of each takes, the least of many timings; in turns, so that a slow spell
// of the machine hits all of them. Takes `total_ns`, or the time of a few calls if that is more.
std::vector<double> race(std::span<const std::function<void()>> calls, double total_ns);

// Backward reads two arrays: its floor is their sum, with the vectors that the activation has. Of
// 16-bit types: the sum of the same bytes as float32.
constexpr bool floor_is_sum(Work work) {
  return work == Work::backward || work == Work::backward_from_output;
}

// The arrays of one type and size. Inputs and gradients are drawn from a normal distribution with
// the mean 0 and the standard deviation 3, always the same ones: both tails and the middle.
class Stopwatch {
 public:
  Stopwatch(Type type, std::size_t n);

  // Once, untimed. Throws Error where the activation cannot do the work.
  void run_once(const Activation& f, Work work, int threads) const;

  // Takes about a tenth of a second, or the time of a few calls if that is more. Throws
  // as run_once.
  Speed measure(const Activation& f, Work work, int threads);

 private:
  void sum() const;

  ArrayMemory memory_;
  Array x_, second_, out_;
};

// The number of elements of which input and output together fill so many bytes.
std::size_t elements_in(std::size_t bytes, Type type);

}  // namespace actfn::lab
