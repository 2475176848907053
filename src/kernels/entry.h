// SPDX-License-Identifier: Apache-2.0
// How functions run: their kernels for each instruction set, and what the public functions need to
// know about them. catalogue/descriptor.h describes what they are.
#pragma once

#include <actfn/activation.h>
#include <actfn/list_ref.h>
#include <actfn/types.h>

#include "catalogue/descriptor.h"
#include "kernels/table.h"

#include <array>
#include <cstddef>
#include <cstring>
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

// One number or table for each Type.
template <class T>
struct ForTypes : std::array<T, 4> {
  constexpr const T& of(Type type) const { return (*this)[static_cast<std::size_t>(type)]; }
};

// Loops over memory for one activation, one type and one instruction set. `activation` points to
// the activation's struct, with its parameters rounded to float32 unless the type is float64; an
// output may be the same array as an input. Where a pointer is null, Evaluator
// (kernels/evaluator.h) composes the operation of others.
using Map = void (*)(const void* activation, const void* x, void* y, std::size_t n);
struct Derivatives {
  using Backward = void (*)(const void* activation, const void* x, const void* dy, void* dx,
                            std::size_t n);
  using Both = void (*)(const void* activation, const void* x, void* y, void* dydx, std::size_t n);
  Map derivative = nullptr;
  Map second_derivative = nullptr;
  Map derivative_from_output = nullptr;  // f'(x) given y = f(x)
  const Map* parameters = nullptr;       // df/dp(x), one for each learnable parameter p
  Backward backward = nullptr;
  Backward backward_from_output = nullptr;
  Both value_and_derivative = nullptr;  // where one loop is faster than two
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

// How a function of a list runs, and how its gradients do, which are linked apart. Specialized for
// each list that has kernels. The first member of EntryOf is
//
//   const functions::Descriptor& (*descriptor)();  of the function; for its name and validation
template <>
struct EntryOf<Activation> {
  const functions::Descriptor& (*descriptor)();
  ForTypes<float> nanoseconds;  // for one element; a rough estimate
  PerTarget<ForTypes<Map>> values;
  // The entry of Accuracy::accurate, for types that have one accuracy. Null: this is it.
  const void* (*accurate)() noexcept = nullptr;

  const EntryOf& of(Type type) const {
    if (accurate == nullptr || type == Type::float32) return *this;
    return *static_cast<const EntryOf*>(accurate());
  }
};
template <>
struct GradientsOf<Activation> {
  // Why these parameters do not allow the derivative from the output; empty if they do.
  std::string_view (*output_conflict)(const void* activation);
  Slopes (*slopes)(const void* activation);
  std::span<const std::string_view> learnable;  // names of parameters
  // One per learnable parameter. If empty: softplus(raw) for parameters that must be positive, else
  // raw.
  std::span<const LearnedAs> learned_as;
  PerTarget<ForTypes<Derivatives>> kernels;
  const void* (*accurate)() noexcept = nullptr;  // as that of EntryOf

  const GradientsOf& of(Type type) const {
    if (accurate == nullptr || type == Type::float32) return *this;
    return *static_cast<const GradientsOf*>(accurate());
  }
};

// Where the code and the tables of derivatives, and of other accuracies than the default, are in
// the file of an activation: see kernels/derivative_loops.h and kernels/accuracy_loops.h.
#ifdef __ELF__
#define ACTFN_CODE_OF(part) __attribute__((section(".text.actfn_" part)))
#define ACTFN_DATA_OF(part) __attribute__((section(".data.rel.ro.actfn_" part)))
#else
#define ACTFN_CODE_OF(part)
#define ACTFN_DATA_OF(part)
#endif
#define ACTFN_GRADIENT_CODE ACTFN_CODE_OF("gradients")
#define ACTFN_GRADIENT_DATA ACTFN_DATA_OF("gradients")

// Defines internal::entry_of() and internal::gradients_of() for F, as constants. The file that
// compiles F has make_entry<F>() and make_gradients<F>().
#define ACTFN_ENTRY(F)                                       \
  template <>                                                \
  const void* internal::entry_of<F>() noexcept {             \
    static constexpr auto kEntry = kernels::make_entry<F>(); \
    return &kEntry;                                          \
  }
#define ACTFN_GRADIENTS(F)                                                               \
  template <>                                                                            \
  ACTFN_GRADIENT_CODE const void* internal::gradients_of<F>() noexcept {                 \
    ACTFN_GRADIENT_DATA static constexpr auto kGradients = kernels::make_gradients<F>(); \
    return &kGradients;                                                                  \
  }

// The same for another accuracy, of which kernels::kOwnValues<F, accuracy> and
// kOwnGradients<F, accuracy> say whether it has tables of its own.
#define ACTFN_ENTRY_AT(F, accuracy, part)                                                  \
  template <>                                                                              \
  ACTFN_CODE_OF(part)                                                                      \
  const void* internal::entry_of<F, accuracy>() noexcept {                                 \
    ACTFN_DATA_OF(part) static constexpr auto kEntry = kernels::make_entry<F, accuracy>(); \
    return kernels::kOwnValues<F, accuracy> ? &kEntry : internal::entry_of<F>();           \
  }
#define ACTFN_GRADIENTS_AT(F, accuracy, part)                                               \
  template <>                                                                               \
  ACTFN_CODE_OF(part)                                                                       \
  const void* internal::gradients_of<F, accuracy>() noexcept {                              \
    ACTFN_DATA_OF(part)                                                                     \
    static constexpr auto kGradients = kernels::make_gradients<F, accuracy>();              \
    return kernels::kOwnGradients<F, accuracy> ? &kGradients : internal::gradients_of<F>(); \
  }

// The largest struct of a function has fewer bytes: Gated, which holds an Activation.
inline constexpr std::size_t kMaxParameters = 128;

// A function's struct as tensors of one type read it: rounded to float32 unless they are of
// float64.
class Parameters {
 public:
  Parameters(const functions::Descriptor& function, const void* leaf, Type type) {
    std::memcpy(bytes_, leaf, function.size);
    if (type != Type::float64) functions::round_to_float32(function, bytes_);
  }
  template <class List>
  Parameters(const ListRef<List>& f, Type type)
      : Parameters(f.entry().descriptor(), f.parameters(), type) {}

  const void* address() const { return bytes_; }

 private:
  alignas(double) std::byte bytes_[kMaxParameters];
};

template <class List>
std::string_view name_of(const ListRef<List>& f) {
  return f.entry().descriptor().info.name;
}
// Throws Error where a parameter is out of range.
template <class List>
void demand_valid(const ListRef<List>& f) {
  functions::demand(f.entry().descriptor(), f.parameters());
}

}  // namespace actfn::kernels
