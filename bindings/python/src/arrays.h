// SPDX-License-Identifier: Apache-2.0
// Python's arrays as the library's tensors, and new arrays for results. NumPy's are read in place,
// and PyTorch's where torch.h can; all others go through actfn._arrays, which is written in Python,
// and DLPack.
#pragma once

#include <nanobind/ndarray.h>

#include <actfn/tensor.h>

#include <optional>
#include <string_view>

#include "python.h"

namespace actfn::python {

// The memory of an array, and what keeps it alive; that is nothing for an argument of the call.
struct Array {
  Tensor tensor;
  nb::object owner = {};
  std::optional<nb::ndarray<nb::ro>> shared = std::nullopt;  // by DLPack
};

// An argument that is read.
struct Input {
  Array array;
  PyObject* numpy = nullptr;  // the array, where it is NumPy's
  PyObject* torch = nullptr;  // the tensor, where it is PyTorch's and read without actfn._arrays
  nb::object library = {};    // makes results for arrays of other libraries: see actfn._arrays

  const ConstTensor& tensor() const { return array.tensor; }
};

// Of DLPack: nothing for types that the library does not have.
std::optional<Type> type_of(const nb::dlpack::dtype& dtype);
nb::tuple tuple_of(const Shape& shape);

// `name` is the argument's in errors.
Input input_of(std::string_view who, std::string_view name, PyObject* given);
// An argument that goes with x: numbers and lists of Python take x's type; an array of another type
// is an error.
Input input_like(std::string_view who, std::string_view name, PyObject* given, const Input& x);

// A mask, and what keeps it alive.
struct Mask {
  ConstMask mask;
  nb::object owner;
};
Mask mask_of(std::string_view who, PyObject* given);

// Where a result is written: `out` or, where that is null, a new array of the library of `like`.
class Result {
 public:
  Result(std::string_view who, const Input& like, PyObject* out, const Shape& shape);

  const Tensor& tensor() const { return array_->tensor; }
  // What the call returns. Call it once.
  nb::object take();

 private:
  void make(std::string_view who, const Input& like, const Shape& shape);

  std::optional<Array> array_;
  nb::object object_;
  nb::object library_;
  bool is_given_;
  bool is_torch_ = false;
};

}  // namespace actfn::python
