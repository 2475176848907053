// SPDX-License-Identifier: Apache-2.0
#include <actfn/types.h>

#include <cstring>
#include <random>

#include "libraries.h"

namespace actfn::peers {
namespace {

template <class T>
void fill(std::byte* to, std::size_t n) {
  std::mt19937 bits(1);
  std::normal_distribution<float> normal(0, 3);
  for (std::size_t i = 0; i < n; ++i) {
    const T x(normal(bits));
    std::memcpy(to + i * sizeof x, &x, sizeof x);
  }
}

}  // namespace

Memory::Memory(std::size_t n, bool half) : memory_(3, n * sizeof(float)) {
  for (const std::size_t i : {0U, 1U}) {
    half ? fill<bfloat16>(memory_.array(i), n) : fill<float>(memory_.array(i), n);
  }
}

Arrays Memory::arrays(std::size_t n) const {
  const auto at = [&](std::size_t i) { return reinterpret_cast<float*>(memory_.array(i)); };
  return {at(0), at(1), at(2), n};
}

}  // namespace actfn::peers
