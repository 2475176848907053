// SPDX-License-Identifier: Apache-2.0
// Counts of operator new, and a limit for it. A test that includes this links allocations.cc,
// which replaces the operator in the whole program: in libraries too.
#pragma once

#include <cstddef>

namespace actfn::testing {

// Not with ThreadSanitizer, which has an operator new of its own.
bool allocations_are_counted();

// Calls of operator new so far, by all threads.
long allocation_count();

// While it lives, larger requests throw std::bad_alloc.
class AllocationLimit {
 public:
  explicit AllocationLimit(std::size_t bytes);
  ~AllocationLimit();
  AllocationLimit(const AllocationLimit&) = delete;
  AllocationLimit& operator=(const AllocationLimit&) = delete;
};

}  // namespace actfn::testing
