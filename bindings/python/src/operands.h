// SPDX-License-Identifier: Apache-2.0
// The arguments of a call as the library takes them.
#pragma once

#include <actfn/actfn.h>

#include <cstddef>
#include <optional>
#include <vector>

#include "arrays.h"
#include "signature.h"

namespace actfn::python {

// Everything but the arrays.
struct Options {
  Options() = default;
  Options(const Given& given, Accuracy how_exact);

  RowOptions rows() const {
    return {.mask = mask ? std::optional(mask->mask) : std::nullopt, .threads = threads};
  }
  GateOptions gates() const { return {.packing = packing, .threads = threads}; }

  int axis = -1;
  Packing packing = Packing::halves;
  Noise noise = {};
  bool keepdims = false;
  std::optional<Mask> mask;
  Threads threads;
  Accuracy accuracy = Accuracy::accurate;
};

// The arrays of an operation. Null where the call does not have one.
struct Arrays {
  const ConstTensor* v = nullptr;
  const ConstTensor* grad = nullptr;
  const ConstTensor* x = nullptr;
  const ConstTensor* y = nullptr;
  const ConstTensor* weight = nullptr;
  const ConstTensor* v_weight = nullptr;
  const ConstTensor* b = nullptr;

  // x, or the output that takes its place.
  const ConstTensor& shown() const { return x != nullptr ? *x : *y; }
};

// Owns what Arrays refers to.
class Operands {
 public:
  explicit Operands(const Given& given);

  // x, or the output that takes its place. Results are of its library.
  const Input& main() const { return *main_; }
  const Input& of(Slot slot) const { return *inputs_[static_cast<std::size_t>(slot)]; }
  Arrays arrays() const;

 private:
  const ConstTensor* find(Slot slot) const {
    const auto& input = inputs_[static_cast<std::size_t>(slot)];
    return input ? &input->tensor() : nullptr;
  }

  std::array<std::optional<Input>, kSlots> inputs_;
  const Input* main_ = nullptr;
};

// Numbers of the library's making, for as long as a call takes.
class Scratch {
 public:
  Scratch(Type type, const Shape& shape);
  const Tensor& tensor() const { return tensor_; }

 private:
  std::vector<std::byte> memory_;
  Tensor tensor_;
};

// How large an array has to be for other Python threads to run meanwhile: letting them takes about
// as long as a hundred elements.
inline constexpr std::size_t kLong = 1024;

// Errors of the library with the names of Python's arguments.
std::string with_names_of_arguments(std::string_view message, Operation operation);

// Calls body, with errors so renamed.
template <class Body>
void computed(Operation operation, std::size_t size, const Body& body) {
  try {
    const WithoutGil others_run(size >= kLong);
    body();
  } catch (const Error& error) {
    throw Error(with_names_of_arguments(error.what(), operation));
  }
}

}  // namespace actfn::python
