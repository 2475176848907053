// SPDX-License-Identifier: Apache-2.0
// Divides a loop among threads.
#pragma once

#include <actfn/threads.h>

#include "memory/function_ref.h"

#include <cstddef>

namespace actfn::memory {

// Who may take part in a call.
struct Crew {
  std::size_t workers = 1;             // threads that may work at the same time
  const Executor* executor = nullptr;  // of the caller; null: the pool
};

// As many workers as `threads` allows and as the work is worth. `nanoseconds`: what one element
// costs one thread.
Crew crew_for(const Threads& threads, std::size_t elements, double nanoseconds);

// Calls body(worker, begin, end) for parts of [0, n) that cover it once; their bounds are multiples
// of `unit`. No two calls at the same time have the same worker, which is below crew.workers. The
// body must not throw. A worker begins with the same part in every call with the same arguments and
// finds its data in its cache again; then it takes parts of workers that are late.
void share(std::size_t n, std::size_t unit, const Crew& crew,
           FunctionRef<void(std::size_t worker, std::size_t begin, std::size_t end)> body);

// Where the part of [0, n) begins that the worker takes first; at crew.workers: where the last one
// ends.
std::size_t first_of(std::size_t worker, std::size_t workers, std::size_t n, std::size_t unit);

}  // namespace actfn::memory
