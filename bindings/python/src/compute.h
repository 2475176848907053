// SPDX-License-Identifier: Apache-2.0
// The operations of a function: reads the arguments of a call, computes without Python, and gives
// the results to Python.
#pragma once

#include <span>

#include "operands.h"
#include "parameters.h"

namespace actfn::python {

// How many threads a call may use: 0 stands for all of the machine. Throws Error.
void set_threads(int count);
int threads();

nb::object forward(State& state, const Given& given);
// The other operations.
nb::object gradient(Operation operation, State& state, const Given& given);

// The computations alone, which need no lock of the interpreter.
void compute_forward(const Function& f, const Arrays& arrays, const Options& options,
                     const Tensor& y);
void compute_gradient(Operation operation, const Function& f, const Arrays& arrays,
                      const Options& options, std::span<const Tensor> results);

}  // namespace actfn::python
