// SPDX-License-Identifier: Apache-2.0
// The bytes of an input, as what a target needs.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <string_view>
#include <utility>

namespace actfn::fuzz {

// Behind the end of the input all is 0.
class Stream {
 public:
  Stream(const std::uint8_t* data, std::size_t size)
      : left_(reinterpret_cast<const char*>(data), size) {}

  template <class T>
  T take() {
    T value{};
    const std::size_t n = std::min(sizeof(T), left_.size());
    if (n > 0) std::memcpy(&value, left_.data(), n);
    left_.remove_prefix(n);
    return value;
  }
  // A number below n, which is at most 65536.
  std::size_t below(std::size_t n) {
    return (n <= 256 ? take<std::uint8_t>() : take<std::uint16_t>()) % n;
  }
  bool once_in(std::size_t n) { return below(n) == n - 1; }
  template <class R>
  decltype(auto) one_of(R&& all) {
    return all[below(std::size(all))];
  }
  std::string_view rest() { return std::exchange(left_, {}); }

 private:
  std::string_view left_;
};

}  // namespace actfn::fuzz
