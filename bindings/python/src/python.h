// SPDX-License-Identifier: Apache-2.0
// What all files of this folder share: errors, and how they become Python's exceptions.
#pragma once

#include <nanobind/nanobind.h>

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>

namespace actfn::python {

namespace nb = nanobind;

// Python's error indicator is set.
struct Raised {};

// Becomes a TypeError, as actfn::Error becomes a ValueError.
class TypeProblem : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using Pieces = std::initializer_list<std::string_view>;

// Throw Error or TypeProblem with the text "[who] " and the pieces.
[[noreturn]] void fail(std::string_view who, Pieces pieces);
[[noreturn]] void fail_type(std::string_view who, Pieces pieces);

// "a str", "an int", "None": what an argument is, in errors.
std::string described(PyObject* object);

// Sets Python's error indicator from the C++ exception that is being handled.
void raise_handled() noexcept;

// What body returns; null and Python's error indicator where it throws.
template <class Body>
PyObject* guarded(const Body& body) noexcept {
  try {
    return body();
  } catch (...) {
    raise_handled();
    return nullptr;
  }
}

// A new reference that a function of Python's C interface returned. Throws Raised for null.
inline nb::object owned(PyObject* object) {
  if (object == nullptr) throw Raised{};
  return nb::steal(object);
}

// Lets other Python threads run while it lives, where `is_long` says that it is worth it.
class WithoutGil {
 public:
  explicit WithoutGil(bool is_long) : state_(is_long ? PyEval_SaveThread() : nullptr) {}
  ~WithoutGil() {
    if (state_ != nullptr) PyEval_RestoreThread(state_);
  }
  WithoutGil(const WithoutGil&) = delete;
  WithoutGil& operator=(const WithoutGil&) = delete;

 private:
  PyThreadState* state_;
};

}  // namespace actfn::python
