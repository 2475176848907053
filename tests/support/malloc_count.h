// SPDX-License-Identifier: Apache-2.0
// Counts calls of malloc and its kin. A test that includes this links malloc_count.cc, which
// replaces them in the whole program: in libraries too.
#pragma once

namespace actfn::testing {

// False where a sanitizer has replaced them first.
bool mallocs_are_counted();

// Calls so far, by all threads.
long malloc_count();

// The compiler must take the memory for used: it may leave out an allocation that nothing reads.
inline void keep(const void* memory) {
  asm volatile("" : : "g"(memory) : "memory");  // NOLINT(hicpp-no-assembler)
}

// While it lives, the calls of this thread do not count.
class MallocPause {
 public:
  MallocPause();
  ~MallocPause();
  MallocPause(const MallocPause&) = delete;
  MallocPause& operator=(const MallocPause&) = delete;
};

}  // namespace actfn::testing
