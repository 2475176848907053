// SPDX-License-Identifier: Apache-2.0
#include "kernels/by_backward.h"

#include <actfn/types.h>

#include <algorithm>
#include <array>

namespace actfn::kernels {
namespace {

constexpr std::size_t kAtOnce = 512;  // stays in the first-level cache
template <class T>
constexpr std::array<T, kAtOnce> kOnes = [] {
  std::array<T, kAtOnce> made = {};
  made.fill(T(1));
  return made;
}();

}  // namespace

template <class T>
void derivative_by_backward(MapBackward backward, const void* activation, const void* x, void* dydx,
                            std::size_t n) {
  const auto* const from = static_cast<const T*>(x);
  auto* const to = static_cast<T*>(dydx);
  for (std::size_t i = 0; i < n; i += kAtOnce) {
    backward(activation, from + i, kOnes<T>.data(), to + i, std::min(kAtOnce, n - i));
  }
}

template void derivative_by_backward<float>(MapBackward, const void*, const void*, void*,
                                            std::size_t);
template void derivative_by_backward<bfloat16>(MapBackward, const void*, const void*, void*,
                                               std::size_t);
template void derivative_by_backward<float16>(MapBackward, const void*, const void*, void*,
                                              std::size_t);

}  // namespace actfn::kernels
