// How an activation runs: its kernels for each instruction set, and what the public functions need
// to know about it. catalogue/descriptor.h describes what it is.
#pragma once

#include <actfn/activation.h>
#include <actfn/types.h>

#include "catalogue/descriptor.h"
#include "kernels/table.h"

#include <cstddef>
#include <span>
#include <string_view>
#include <variant>

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

using Kernels = PerType<Maps, float, double, bfloat16, float16>;

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

// How a function of a list runs. Specialized for each list that has kernels, by a struct whose
// first member is
//
//   const functions::Descriptor& (*descriptor)();  of the function; for its name and validation
template <class List>
struct EntryOf;
// How its gradients run, where they are linked apart.
template <class List>
struct GradientsOf;

template <>
struct EntryOf<Activation> {
  const functions::Descriptor& (*descriptor)();
  // Why these parameters do not allow the derivative from the output; empty if they do.
  std::string_view (*output_conflict)(const Activation&) = nullptr;
  Slopes (*slopes)(const Activation&) = nullptr;
  std::span<const std::string_view> learnable = {};  // names of parameters
  // One per learnable parameter. If empty: softplus(raw) for parameters that must be positive, else
  // raw.
  std::span<const LearnedAs> learned_as = {};
  bool light;  // the derivative of float32 needs so little arithmetic that memory limits it
  PerTarget<Kernels> kernels;
};
using Entry = EntryOf<Activation>;

// In this struct, because the names of symbols would have the whole list: thousands of letters.
template <class F>
struct RunBy {
  using Entry = EntryOf<functions::ListFor<F>>;
  using Gradients = GradientsOf<functions::ListFor<F>>;
};

// Of one function, which links its kernels only. The file that compiles a function defines it.
template <class F>
const typename RunBy<F>::Entry& entry_of();
template <class F>
const typename RunBy<F>::Gradients& gradients_of();

// Defines them for F, as constants. The file that compiles F has make_entry<F>().
#define ACTFN_ENTRY(F)                              \
  template <>                                       \
  const RunBy<F>::Entry& entry_of<F>() {            \
    static constexpr auto kEntry = make_entry<F>(); \
    return kEntry;                                  \
  }
#define ACTFN_GRADIENTS(F)                                  \
  template <>                                               \
  const RunBy<F>::Gradients& gradients_of<F>() {            \
    static constexpr auto kGradients = make_gradients<F>(); \
    return kGradients;                                      \
  }

// Of the function that f holds, which links those of the whole list: see kernels/entries.h.
template <class List>
const EntryOf<List>& entry(const List& f);
template <class List>
const GradientsOf<List>& gradients(const List& f);

// The address of the struct in the variant, which kernels take.
template <class... F>
const void* parameters_of(const std::variant<F...>& f) {
  const void* leaf = nullptr;
  (void)((leaf = std::get_if<F>(&f), leaf != nullptr) || ...);
  return leaf;
}

}  // namespace actfn::kernels
