// SPDX-License-Identifier: Apache-2.0
// The operations of functions for XLA, the compiler of JAX, which calls them without Python.
#pragma once

#include "xla_abi.h"

namespace actfn::python::xla {

// Attributes of a call: `operation` is "forward", "backward" or "double_backward", `spec` the
// function as text, `operands` says what the arguments are: "grad,x"; those are named as in Python.
// `axis` is a 64-bit number, `packing` a text. A seed has two numbers of 32 bits. Returns null or
// what went wrong.
Failure* run(Call* call) noexcept;

}  // namespace actfn::python::xla
