// Divides work among threads.
#pragma once

#include <actfn/threads.h>

#include "memory/function_ref.h"

#include <cstddef>

namespace actfn::memory {

// How a call divides its work.
struct Crew {
  std::size_t workers = 1;
};

// `nanoseconds`: what one element costs, with one thread.
Crew crew_for(const Threads& threads, std::size_t elements, double nanoseconds);

// Calls body(worker, begin, end) for parts of [0, n) whose bounds are multiples of `unit`.
void share(std::size_t n, std::size_t unit, const Crew& crew,
           FunctionRef<void(std::size_t worker, std::size_t begin, std::size_t end)> body);

}  // namespace actfn::memory
