// What one activation contributes: its facts, the fields of its parameters, and one set of kernels
// per instruction set. Everything but the parsing of text and the choice of the target comes from
// here.
#pragma once

#include <actfn/catalogue.h>

#include <cstddef>
#include <span>
#include <string_view>

namespace actfn::kernels {

// Loops over memory for one activation and one instruction set. `activation` points to the
// activation's struct; an output may be the same array as an input.
struct Kernels {
  using Map = void (*)(const void* activation, const float* x, float* y, std::size_t n);
  using Backward = void (*)(const void* activation, const float* x, const float* dy, float* dx,
                            std::size_t n);
  using BiasForward = void (*)(const void* activation, const float* bias, float* z, float* y,
                               std::size_t rows, std::size_t columns);
  using Pair = void (*)(const void* activation, const float* x, float* y, float* dydx,
                        std::size_t n);
  struct DoubleBackwardArrays {
    const float *x, *dy, *v;
    float *for_dy, *for_x;
  };
  using DoubleBackward = void (*)(const void* activation, const DoubleBackwardArrays& arrays,
                                  std::size_t n);
  Map value = nullptr;
  Map derivative = nullptr;
  Map second_derivative = nullptr;
  Pair value_and_derivative = nullptr;
  Backward backward = nullptr;
  DoubleBackward double_backward = nullptr;
  BiasForward bias_forward = nullptr;
};

// Highway's names, best first; the index into Entry::kernels.
enum class Target { avx3, avx2, sse4, neon, emu128 };
inline constexpr std::string_view kTargetNames[] = {"AVX3", "AVX2", "SSE4", "NEON", "EMU128"};
inline constexpr std::size_t kTargetCount = std::size(kTargetNames);

enum class Condition { number, finite, nonnegative, positive, choice };

struct Field {
  ParameterInfo info;
  Condition condition;
  void (*set)(Activation&, float);
};

struct Entry {
  ActivationInfo info;
  std::span<const Field> fields;
  // What is wrong with parameters that are fine one by one; empty: nothing.
  std::string_view (*conflict)(const Activation&);
  Kernels kernels[kTargetCount];  // of a target that was not compiled: null pointers
};

// One per alternative of Activation, in its order.
std::span<const Entry* const> entries();
inline const Entry& entry(const Activation& a) { return *entries()[a.index()]; }

// Defined for each activation by the file generated from activation.cc.in.
template <class A>
const Entry& entry_of();

// The target in use: see actfn::target().
Target active_target();

inline const Kernels& active_kernels(const Activation& a) {
  return entry(a).kernels[static_cast<std::size_t>(active_target())];
}

// The address of the struct in the variant, as kernels take it.
inline const void* parameters_of(const Activation& a) {
  return std::visit([](const auto& f) -> const void* { return &f; }, a);
}

}  // namespace actfn::kernels
