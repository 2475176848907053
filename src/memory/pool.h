// SPDX-License-Identifier: Apache-2.0
// Threads that outlive the calls that use them.
#pragma once

#include "memory/function_ref.h"

#include <cstddef>

namespace actfn::memory {

inline constexpr std::size_t kMostWorkers = 64;

// Calls work(0) on this thread and, if helpers come before that ends, work(1) … work(workers - 1)
// on theirs, each number at most once. So work(0) must leave nothing undone that nobody has begun.
// Returns when all calls have ended. work must not throw; it may call run_together() itself.
//
// Helpers are started when a call needs more than there are. A call allocates nothing after that.
// Without helpers (the system has no more threads, too many callers at the same time, static
// objects are being destroyed), work(0) is the only call.
void run_together(std::size_t workers, FunctionRef<void(std::size_t worker)> work);

// As long as it lives, run_together() starts helpers for it as well: for callers that all want
// helpers of their own at the same time.
class Reservation {
 public:
  explicit Reservation(std::size_t helpers);
  ~Reservation();
  Reservation(const Reservation&) = delete;
  Reservation& operator=(const Reservation&) = delete;

 private:
  std::size_t helpers_;
};

// Processors on which this process may run.
std::size_t processors();

}  // namespace actfn::memory
