// SPDX-License-Identifier: Apache-2.0
// Requests for memory that fail on purpose. A test that includes this links failing_memory.cc,
// which replaces malloc in the whole program; where a sanitizer has replaced it first, operator
// new.
#pragma once

#include <new>

namespace actfn::testing {

enum class Extent { one, all_after };

// While it lives, the request k of all threads fails, counted from 0, or that and all after it.
class MemoryFailure {
 public:
  explicit MemoryFailure(long k, Extent extent = Extent::one);
  ~MemoryFailure();
  MemoryFailure(const MemoryFailure&) = delete;
  MemoryFailure& operator=(const MemoryFailure&) = delete;

  static bool happened();
};

// While it lives, requests of this thread succeed and do not count.
class MemoryGrace {
 public:
  MemoryGrace();
  ~MemoryGrace();
  MemoryGrace(const MemoryGrace&) = delete;
  MemoryGrace& operator=(const MemoryGrace&) = delete;
};

// Calls attempt() with a failure of each of its requests, the first one first, until none is left;
// after each failure, check(whether attempt() threw std::bad_alloc). Returns how many there were.
template <class Attempt, class Check>
long fail_each(Extent extent, const Attempt& attempt, const Check& check) {
  for (long k = 0;; ++k) {
    bool threw = false;
    bool happened = false;
    {
      const MemoryFailure failure(k, extent);
      try {
        attempt();
      } catch (const std::bad_alloc&) {
        threw = true;
      }
      happened = MemoryFailure::happened();
    }
    if (!happened) return k;
    check(threw);
  }
}

}  // namespace actfn::testing
