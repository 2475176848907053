// How an activation runs: its kernels for each instruction set, and what the public functions need
// to know about it. catalogue/descriptor.h describes what it is.
#pragma once

#include <actfn/activation.h>
#include <actfn/types.h>

#include "catalogue/descriptor.h"

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace actfn::kernels {

// What kernels compute. first_parameter + k is the derivative by the learnable parameter k.
enum class Order { value, derivative, second_derivative, derivative_from_output, first_parameter };
inline constexpr std::size_t kMaxLearnable = 10;

constexpr Order order_of_parameter(std::size_t k) {
  return static_cast<Order>(static_cast<std::size_t>(Order::first_parameter) + k);
}
constexpr std::size_t parameter_of_order(Order order) {
  return static_cast<std::size_t>(order) - static_cast<std::size_t>(Order::first_parameter);
}

// Loops over memory for one activation, one type and one instruction set. `activation` points to
// the activation's struct, with its parameters rounded to float32 unless T is double; an output may
// be the same array as an input. Where a pointer is null, Evaluator (kernels/evaluator.h) composes
// the operation of others.
template <class T>
struct Maps {
  using Map = void (*)(const void* activation, const T* x, T* y, std::size_t n);
  using Backward = void (*)(const void* activation, const T* x, const T* dy, T* dx, std::size_t n);
  Map value = nullptr;
  Map derivative = nullptr;
  Map second_derivative = nullptr;
  Map derivative_from_output = nullptr;  // f'(x) given y = f(x)
  const Map* parameters = nullptr;       // df/dp(x), one for each learnable parameter p
  Backward backward = nullptr;
  Backward backward_from_output = nullptr;
};

struct Kernels {
  Maps<float> of_float;
  Maps<double> of_double;
  Maps<bfloat16> of_bfloat16;
  Maps<float16> of_float16;
  bool light = false;  // the derivative of float32 needs so little arithmetic that memory limits it

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

// The two values of the derivative, for the relu family. steep == flat: the derivative has other
// values too, or only one.
struct Slopes {
  double steep = 0;
  double flat = 0;
};

// How training represents a learnable parameter by an unconstrained number `raw`.
struct LearnedAs {
  bool fixed = false;           // the parameter is not trained
  bool above_floor = false;     // it is floor + softplus(raw); else it is raw
  std::string_view floor = "";  // the name of another parameter; empty: 0
};

// Instruction sets, best first, with Highway's names. Indices of Entry::kernels.
enum class Target { avx3, avx2, sse4, neon, emu128 };
inline constexpr std::string_view kTargetNames[] = {"AVX3", "AVX2", "SSE4", "NEON", "EMU128"};
inline constexpr std::size_t kTargetCount = std::size(kTargetNames);

struct Entry {
  // Why these parameters do not allow the derivative from the output; empty if they do.
  std::string_view (*output_conflict)(const Activation&) = nullptr;
  Slopes (*slopes)(const Activation&) = nullptr;
  std::span<const std::string_view> learnable = {};  // names of parameters
  // One per learnable parameter. If empty: softplus(raw) for parameters that must be positive, else
  // raw.
  std::span<const LearnedAs> learned_as = {};
  const void* (*address)(const Activation&) = nullptr;  // of the struct in the variant
  std::array<Kernels, kTargetCount> kernels = {};       // null pointers for targets not compiled
};

// One per alternative of Activation, in its order.
std::span<const Entry* const> entries();
inline const Entry& entry(const Activation& a) { return *entries()[a.index()]; }

// The file that CMake generates from activation.cc.in defines it for each activation.
template <class A>
const Entry& entry_of();

// The target that actfn::target() names.
Target active_target();

// The address of the struct in the variant, which kernels take. It comes from the entry because
// std::visit's tables have the whole list in their names: a tenth of a megabyte.
inline const void* parameters_of(const Activation& a) { return entry(a).address(a); }

}  // namespace actfn::kernels
