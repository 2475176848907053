// SPDX-License-Identifier: Apache-2.0
// Memory for the length of a call, without an allocation in each of them.
#pragma once

#include <cstddef>

namespace actfn::memory {

// Uninitialised memory, aligned to 64 bytes, from blocks that earlier calls have used: nothing is
// allocated as long as one of them is free and large enough. Throws std::bad_alloc.
class Scratch {
 public:
  explicit Scratch(std::size_t bytes);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::byte* data() const { return data_; }

 private:
  std::byte* data_;
  int size_;  // its binary logarithm
};

}  // namespace actfn::memory
