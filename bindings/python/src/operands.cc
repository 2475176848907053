// SPDX-License-Identifier: Apache-2.0
#include "operands.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <utility>

#include "compute.h"

namespace actfn::python {
namespace {

nb::object whole_of(const Given& given, std::string_view name, PyObject* value) {
  PyObject* const index = PyNumber_Index(value);
  if (index == nullptr) {
    PyErr_Clear();
    fail_type(given.who(), {name, " must be a whole number, got ", described(value)});
  }
  return owned(index);
}

int axis_of(const Given& given, PyObject* value) {
  const nb::object whole = whole_of(given, "axis", value);
  int overflow = 0;
  const long axis = PyLong_AsLongAndOverflow(whole.ptr(), &overflow);
  if (overflow == 0 && axis >= std::numeric_limits<int>::min() &&
      axis <= std::numeric_limits<int>::max()) {
    return static_cast<int>(axis);
  }
  fail(given.who(), {"axis ", nb::str(whole).c_str(), " is out of range"});
}

std::uint64_t position_of(const Given& given, std::string_view name, PyObject* value) {
  const nb::object whole = whole_of(given, name, value);
  const unsigned long long number = PyLong_AsUnsignedLongLong(whole.ptr());
  if (PyErr_Occurred() == nullptr) return number;
  PyErr_Clear();
  fail(given.who(), {name, " must be from 0 to 2^64 - 1, got ", nb::str(whole).c_str()});
}

Packing packing_of(const Given& given, PyObject* value) {
  const std::string word =
      PyUnicode_Check(value) ? nb::str(nb::handle(value)).c_str() : described(value);
  if (word == "halves") return Packing::halves;
  if (word == "interleaved") return Packing::interleaved;
  fail(given.who(), {"packing must be 'halves' or 'interleaved', got ", word});
}

// The library's names in errors, and those of Python's arguments.
using Names = std::array<std::pair<std::string_view, std::string_view>, 8>;
constexpr Names kForward = {{{"y", "out"}, {"a", "x"}}};
constexpr Names kDerivative = {{{"dydx", "out"}, {"d2ydx2", "out"}}};
constexpr Names kBackward = {{{"dy", "grad"}, {"dx", "out"}, {"a", "x"}, {"da", "out"}}};

const Names& names_of(Operation operation) {
  if (operation == Operation::forward) return kForward;
  const bool backwards =
      operation != Operation::derivative && operation != Operation::second_derivative;
  return backwards ? kBackward : kDerivative;
}

// `rest` is what follows the word.
std::string_view renamed(std::string_view word, std::string_view rest, const Names& names) {
  // The name of a tensor, or an article.
  const bool article = word == "a" && !rest.starts_with(':') && !rest.starts_with(" has ");
  if (article) return word;
  for (const auto& [theirs, ours] : names) {
    if (!theirs.empty() && word == theirs) return ours;
  }
  return word;
}

}  // namespace

Options::Options(const Given& given, Accuracy how_exact)
    : threads{.count = python::threads()}, accuracy(how_exact) {
  if (PyObject* const value = given.at(Slot::axis)) axis = axis_of(given, value);
  if (PyObject* const value = given.at(Slot::packing)) packing = packing_of(given, value);
  if (given.signature().index_of(Slot::seed) >= 0) {
    noise.seed = position_of(given, "seed", given.demand(Slot::seed));
  }
  if (PyObject* const value = given.at(Slot::first)) {
    noise.first = position_of(given, "first", value);
  }
  if (PyObject* const value = given.at(Slot::keepdims)) {
    keepdims = nb::cast<bool>(nb::handle(value));
  }
  if (PyObject* const value = given.at(Slot::where)) mask = mask_of(given.who(), value);
}

Operands::Operands(const Given& given) {
  constexpr auto kX = static_cast<std::size_t>(Slot::x), kY = static_cast<std::size_t>(Slot::y);
  PyObject* const y = given.at(Slot::y);
  PyObject* const x = y == nullptr ? given.demand(Slot::x) : given.at(Slot::x);
  if (x != nullptr && y != nullptr) fail_type(given.who(), {"x and y are given: one is enough"});
  main_ = &inputs_[x != nullptr ? kX : kY].emplace(
      input_of(given.who(), x != nullptr ? "x" : "y", x != nullptr ? x : y));
  for (const Argument& a : given.signature().arguments()) {
    const bool is_array = a.slot == Slot::v || a.slot == Slot::grad || a.slot == Slot::weight ||
                          a.slot == Slot::v_weight || a.slot == Slot::b;
    if (!is_array) continue;
    PyObject* const value = a.required ? given.demand(a.slot) : given.at(a.slot);
    if (value == nullptr) continue;
    inputs_[static_cast<std::size_t>(a.slot)].emplace(
        input_like(given.who(), a.name, value, *main_));
  }
}

Arrays Operands::arrays() const {
  return {.v = find(Slot::v),
          .grad = find(Slot::grad),
          .x = find(Slot::x),
          .y = find(Slot::y),
          .weight = find(Slot::weight),
          .v_weight = find(Slot::v_weight),
          .b = find(Slot::b)};
}

Scratch::Scratch(Type type, const Shape& shape)
    : memory_([&] {
        std::size_t bytes = type == Type::float64 ? 8 : type == Type::float32 ? 4 : 2;
        for (const std::size_t length : shape) bytes *= length;
        return bytes;
      }()),
      tensor_(memory_.data(), type, shape) {}

std::string with_names_of_arguments(std::string_view message, Operation operation) {
  constexpr std::string_view kEnds = " ,:'()";
  const Names& names = names_of(operation);
  std::string text;
  while (!message.empty()) {
    const std::size_t length = std::min(message.find_first_of(kEnds), message.size());
    const std::size_t next = std::min(length + 1, message.size());
    text.append(renamed(message.substr(0, length), message.substr(length), names));
    text.append(message.substr(length, next - length));
    message.remove_prefix(next);
  }
  return text;
}

}  // namespace actfn::python
