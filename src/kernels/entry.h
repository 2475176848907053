// How one activation runs: one set of kernels per instruction set, and what the public functions
// need to know of it. What it is: catalogue/descriptor.h.
#pragma once

#include <actfn/activation.h>
#include <actfn/types.h>

#include "catalogue/descriptor.h"

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace actfn::kernels {

// From the last on: the derivatives by the learnable parameters, in their order.
enum class Order { value, derivative, second_derivative, derivative_from_output, first_parameter };
inline constexpr std::size_t kMostLearnable = 10;

constexpr Order order_of_parameter(std::size_t k) {
  return static_cast<Order>(static_cast<std::size_t>(Order::first_parameter) + k);
}
constexpr std::size_t parameter_of_order(Order order) {
  return static_cast<std::size_t>(order) - static_cast<std::size_t>(Order::first_parameter);
}

// Loops over memory for one activation, one type and one instruction set. `activation` points to
// the activation's struct, its parameters as that type reads them (see kernels/evaluator.h); an
// output may be the same array as an input. Null: to be had by way of others (kernels/evaluator.h).
template <class T>
struct Maps {
  using Map = void (*)(const void* activation, const T* x, T* y, std::size_t n);
  using Backward = void (*)(const void* activation, const T* x, const T* dy, T* dx, std::size_t n);
  Map value = nullptr;
  Map derivative = nullptr;
  Map second_derivative = nullptr;
  Map derivative_from_output = nullptr;  // f'(x) given y = f(x)
  const Map* parameters = nullptr;       // df/dp(x), one for each that can be learned
  Backward backward = nullptr;
  Backward backward_from_output = nullptr;
};

struct Kernels {
  Maps<float> of_float;
  Maps<double> of_double;
  Maps<bfloat16> of_bfloat16;
  Maps<float16> of_float16;
  bool light = false;  // float32's derivative takes next to no arithmetic

  template <class T>
  const Maps<T>& of() const {
    if constexpr (std::is_same_v<T, float>) {
      return of_float;
    } else if constexpr (std::is_same_v<T, double>) {
      return of_double;
    } else if constexpr (std::is_same_v<T, bfloat16>) {
      return of_bfloat16;
    } else {
      return of_float16;
    }
  }
};

// The two numbers that the derivative of the relu family takes; steep == flat: it takes others too,
// or one alone.
struct Slopes {
  double steep = 0;
  double flat = 0;
};

// How training holds a learnable parameter.
struct LearnedAs {
  bool fixed = false;           // it keeps its value
  bool above_floor = false;     // floor + softplus(raw), else raw
  std::string_view floor = "";  // another parameter; empty: 0
};

// Highway's names, best first; the index into Entry::kernels.
enum class Target { avx3, avx2, sse4, neon, emu128 };
inline constexpr std::string_view kTargetNames[] = {"AVX3", "AVX2", "SSE4", "NEON", "EMU128"};
inline constexpr std::size_t kTargetCount = std::size(kTargetNames);

struct Entry {
  // Why these parameters' derivative can't be had from the output; empty: it can.
  std::string_view (*output_conflict)(const Activation&) = nullptr;
  Slopes (*slopes)(const Activation&) = nullptr;
  std::span<const std::string_view> learnable = {};  // names of parameters
  // One per learnable parameter. Empty: softplus(raw) for those that must be positive, else raw.
  std::span<const LearnedAs> learned_as = {};
  const void* (*address)(const Activation&) = nullptr;  // of the struct in the variant
  std::array<Kernels, kTargetCount> kernels =
      {};  // of a target that was not compiled: null pointers
};

// One per alternative of Activation, in its order.
std::span<const Entry* const> entries();
inline const Entry& entry(const Activation& a) { return *entries()[a.index()]; }

// Defined for each activation by the file generated from activation.cc.in.
template <class A>
const Entry& entry_of();

// The target in use: see actfn::target().
Target active_target();

// The address of the struct in the variant, as kernels take it. By way of the entry: std::visit's
// tables carry the whole list in their names, which was a tenth of a megabyte.
inline const void* parameters_of(const Activation& a) { return entry(a).address(a); }

}  // namespace actfn::kernels
