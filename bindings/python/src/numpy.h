// SPDX-License-Identifier: Apache-2.0
// What is used of NumPy's binary interface. Its own headers would say the same, but building would
// need NumPy then. An array's fields and the places in NumPy's table of functions are the same in
// all versions of NumPy 1 and 2; load() makes sure.
#pragma once

#include <actfn/tensor.h>

#include <optional>

#include "python.h"

namespace actfn::python::numpy {

// The beginning of an object of the type numpy.ndarray. Strides are in bytes.
struct ArrayObject {
  PyObject_HEAD char* data;
  int dimensions;
  Py_ssize_t* shape;
  Py_ssize_t* strides;
  PyObject* base;
  PyObject* dtype;
  int flags;
};

// Throws where NumPy is missing, or its binary interface is another one.
void load();

// Arrays of this dtype are of bfloat16 from here on: it belongs to another package.
void set_bfloat16(PyObject* dtype);

// Whether it is a numpy.ndarray; false for an object of a class that is derived from it.
bool is_array(PyObject* object);
bool is_writeable(PyObject* array);
bool is_bool(PyObject* array);

// What the library needs of an array; nothing where `object` is no numpy.ndarray, its elements have
// another type than the library's or are not aligned, or its strides are no multiples of an
// element. Throws Error for more than 8 dimensions.
std::optional<Tensor> tensor_of(PyObject* object);

// A new array, whose elements are not set, of x's type and shape; in memory it has x's order.
nb::object like(PyObject* x);
// The same of a type and a shape, in row-major order.
nb::object empty(Type type, const Shape& shape);
// Instead of an array without dimensions the scalar of NumPy that it holds.
nb::object scalar_or_array(nb::object array);

}  // namespace actfn::python::numpy
