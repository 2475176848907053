// SPDX-License-Identifier: Apache-2.0
// Memory for arrays that are timed.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>

namespace actfn::lab {

// Zeroed arrays of so many bytes each. In large pages where the system gives them: small ones lie
// anywhere, so that some of them compete for the same places of a cache, others ones in every run.
class ArrayMemory {
 public:
  ArrayMemory(std::size_t count, std::size_t bytes);  // throws std::bad_alloc

  std::byte* array(std::size_t index) const { return memory_.get() + index * slot_; }

 private:
  struct Free {
    void operator()(std::byte* p) const { std::free(p); }
  };

  std::size_t slot_;
  std::unique_ptr<std::byte, Free> memory_;
};

}  // namespace actfn::lab
