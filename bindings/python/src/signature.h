// SPDX-License-Identifier: Apache-2.0
// What arguments the operations of a function take. It follows from the function's list and its
// parameters in the catalogue.
#pragma once

#include <actfn/catalogue.h>

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "python.h"

namespace actfn::python {

// What can be computed of a function.
enum class Operation : std::uint8_t {
  forward,
  derivative,
  second_derivative,
  backward,
  double_backward,
  parameter_gradient
};
inline constexpr std::size_t kOperations = 6;
std::string_view name_of(Operation operation);

// What an argument is for.
enum class Slot : std::uint8_t {
  v,
  grad,
  x,
  weight,
  v_weight,
  axis,
  parameter,
  b,
  y,
  packing,
  seed,
  first,
  keepdims,
  where,
  out
};
inline constexpr std::size_t kSlots = 15;

struct Argument {
  std::string_view name;
  PyObject* key;  // the name, interned
  Slot slot;
  const ParameterInfo* parameter = nullptr;
  bool keyword_only = false;
  bool required = false;
};

// The arguments of an operation, in order: those that may be given by place come first.
class Signature {
 public:
  static constexpr std::size_t kMost = 20;

  void add(Slot slot, bool required = false);
  void add(const ParameterInfo& parameter);
  // Those that are added from here on have to be named.
  void end_of_places() { by_place_ = false; }

  std::span<const Argument> arguments() const { return arguments_; }
  std::size_t places() const { return places_; }
  // Where the argument of a slot is; -1: there is none. Of parameters, the first.
  int index_of(Slot slot) const { return index_[static_cast<std::size_t>(slot)]; }

 private:
  void append(Argument argument);

  std::vector<Argument> arguments_;
  std::array<std::int8_t, kSlots> index_ = {-1, -1, -1, -1, -1, -1, -1, -1,
                                            -1, -1, -1, -1, -1, -1, -1};
  std::size_t places_ = 0;
  bool by_place_ = true;
};

// The arguments of one call: borrowed references, in the order of the signature; null where one is
// not given.
class Given {
 public:
  // Throws TypeProblem for what the signature does not have.
  Given(std::string_view who, const Signature& signature, PyObject* const* arguments,
        std::size_t places, PyObject* names);

  // Null also for None.
  PyObject* at(Slot slot) const {
    const int i = signature_.index_of(slot);
    return i < 0 || values_[static_cast<std::size_t>(i)] == Py_None
               ? nullptr
               : values_[static_cast<std::size_t>(i)];
  }
  // Throws TypeProblem where it is not given.
  PyObject* demand(Slot slot) const;
  PyObject* operator[](std::size_t i) const { return values_[i]; }
  const Signature& signature() const { return signature_; }
  std::string_view who() const { return who_; }
  bool has_parameters() const { return has_parameters_; }

 private:
  void put(std::size_t i, PyObject* value);
  std::size_t find(PyObject* name) const;

  std::string_view who_;
  const Signature& signature_;
  std::array<PyObject*, Signature::kMost> values_ = {};
  bool has_parameters_ = false;
};

// A function of the catalogue, and what it takes.
struct Known {
  const FunctionInfo* info;
  std::array<std::unique_ptr<Signature>, kOperations> signatures;

  // Throws TypeProblem where the function does not have the operation.
  const Signature& signature(Operation operation) const;
};

// All functions, in the order of the catalogue.
std::span<const Known> known_functions();
const Known& known_of(const Function& f);

}  // namespace actfn::python
