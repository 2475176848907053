// SPDX-License-Identifier: Apache-2.0
// Tensors of PyTorch without calls of Python, by DLPack's interface for C: PyTorch has it from 2.10
// on. What this file does not take goes through actfn._arrays.
#pragma once

#include <actfn/tensor.h>

#include <optional>

#include "python.h"

namespace actfn::python::torch {

// From here on tensors of this module, which is PyTorch, are known. It may have no such interface.
void set(nb::handle module);

// Puts into the module what actfn.torch calls:
// - way_of(x): 0 where PyTorch's compiler, torch.func, a mode, a trace or a class of its own has to
//   know of a call with x, or where it is on another device; 2 where automatic differentiation has
//   to know, and 1 otherwise.
// - short_way(x, prepared): the function of x, by its node of automatic differentiation if that has
//   to know; None where way_of(x) is 0.
// - recorded(prepared): a function to be the forward(ctx, x) of such a node.
void add_calls(nb::module_& m);

// What the library needs of a tensor; nothing where `object` is none, where its gradient would be
// lost, or where it does not lie in the memory of the CPU as numbers of the library's types.
std::optional<Tensor> tensor_of(PyObject* object);

// A new tensor, whose elements are not set, of the type of the tensor x and of this shape. If that
// is x's, in memory it has x's order.
nb::object empty(PyObject* x, const Shape& shape, bool is_same);
// Of what empty() gave; nothing where a mode of PyTorch made something else of it.
std::optional<Tensor> result_of(PyObject* made);

}  // namespace actfn::python::torch
