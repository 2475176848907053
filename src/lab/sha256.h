// SPDX-License-Identifier: Apache-2.0
// SHA-256 of numbers, by libmd.
#pragma once

#include <sha2.h>

#include <span>
#include <string>

namespace actfn::lab {

class Sha256 {
 public:
  Sha256() { SHA256Init(&context_); }

  // The four bytes of each number, the lowest first. Every NaN counts as the one with the bits
  // 7FC00000: which one an operation gives depends on the CPU.
  void add(std::span<const float> numbers);

  // 64 hexadecimal digits. To be called once, at the end.
  std::string digits();

 private:
  SHA2_CTX context_;
};

}  // namespace actfn::lab
