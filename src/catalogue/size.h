// SPDX-License-Identifier: Apache-2.0
// Arithmetic on sizes that callers and files give.
#pragma once

#include <compare>
#include <cstddef>
#include <limits>

namespace actfn {

// A product or sum of sizes. One that std::size_t does not hold is kMost, and stays it: so one
// comparison with a limit, or one allocation, tells at the end.
class Size {
 public:
  static constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max();

  constexpr Size(std::size_t value) : value_(value) {}  // NOLINT(google-explicit-constructor)
  constexpr std::size_t value() const { return value_; }

  friend constexpr Size operator*(Size a, Size b) {
    std::size_t product = 0;
    return __builtin_mul_overflow(a.value_, b.value_, &product) ? kMost : product;
  }
  friend constexpr Size operator+(Size a, Size b) {
    std::size_t sum = 0;
    return __builtin_add_overflow(a.value_, b.value_, &sum) ? kMost : sum;
  }
  friend constexpr auto operator<=>(const Size&, const Size&) = default;

 private:
  std::size_t value_;
};

}  // namespace actfn
