// SPDX-License-Identifier: Apache-2.0
// actfn: activation functions and their derivatives. This header brings all of the core.
//
// What all functions promise, those of actfn/nn too:
//
// - Errors: bad arguments give Error, too little memory std::bad_alloc, before anything is written
//   (but see the functions of RandomRow in random.h).
//   Prepared calls (prepared.h) check nothing and throw nothing. Nothing is ever printed, and the
//   program is never ended.
// - Floating-point state: any is allowed. Results have the bits of the default state (rounding to
//   nearest, subnormal numbers, no traps), on all threads of the call. The caller's state and the
//   flags of exceptions that have occurred are afterwards what they were.
// - NaN: every NaN in a result is the canonical one: 0x7FC00000 in float32, 0x7FF8000000000000 in
//   float64, 0x7FC0 in bfloat16, 0x7E00 in float16. (Of actfn/nn, this holds for activations.)
// - Bits: results depend on values alone, not on the instruction set, the number of threads,
//   alignment or strides. (For actfn/nn, matrix products are oneDNN's: the number of threads does
//   not count, the CPU does.)
// - Allocation: none after the first call, none ever by prepared calls. Objects of actfn/nn
//   allocate when they are made, and where a batch is larger than those before.
// - Locks: none with one thread, the default. With more, a call waits for the threads that help it.
// - Alignment: that of the element's type is enough.
// - Threads: any number may call at once, if none writes what another one reads or writes. Objects
//   of actfn/nn are used by one at a time. Helpers block all signals; see threads.h.
// - fork: a child may call all functions, and starts threads of its own.
// - Unloading and exit: a shared object that contains the library may be unloaded when no call
//   runs. Destructors of static objects may call.
//
// docs/using.md, "Real-time use", has the same as a table.
#pragma once

#include <actfn/accuracy.h>     // IWYU pragma: export
#include <actfn/activation.h>   // IWYU pragma: export
#include <actfn/catalogue.h>    // IWYU pragma: export
#include <actfn/elementwise.h>  // IWYU pragma: export
#include <actfn/error.h>        // IWYU pragma: export
#include <actfn/gated.h>        // IWYU pragma: export
#include <actfn/grouped.h>      // IWYU pragma: export
#include <actfn/learnable.h>    // IWYU pragma: export
#include <actfn/list_ref.h>     // IWYU pragma: export
#include <actfn/prepared.h>     // IWYU pragma: export
#include <actfn/random.h>       // IWYU pragma: export
#include <actfn/rows.h>         // IWYU pragma: export
#include <actfn/target.h>       // IWYU pragma: export
#include <actfn/tensor.h>       // IWYU pragma: export
#include <actfn/threads.h>      // IWYU pragma: export
#include <actfn/types.h>        // IWYU pragma: export
#include <actfn/version.h>      // IWYU pragma: export
