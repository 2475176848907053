// SPDX-License-Identifier: Apache-2.0
// actfn.Function: a function of the catalogue as an object that can be called.
#pragma once

#include "parameters.h"

namespace actfn::python {

// Makes the type and puts it into the module.
void add_function_type(nb::module_& m);

// A new object.
nb::object make_function(const Known& known, const Spec& spec, bool is_complete);
nb::object make_function(const Spec& spec);

// What an object of the type holds; null for any other object.
State* state_of(PyObject* object);

}  // namespace actfn::python
