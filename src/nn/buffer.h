// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <new>
#include <span>
#include <vector>

namespace actfn::nn {

// Cache lines, and AVX-512 vectors, begin at its multiples.
inline constexpr std::size_t kAlignment = 64;

template <class T>
struct AlignedAllocator {
  using value_type = T;
  AlignedAllocator() = default;
  template <class U>
  explicit AlignedAllocator(const AlignedAllocator<U>&) {}
  T* allocate(std::size_t n) {
    return static_cast<T*>(::operator new(n * sizeof(T), std::align_val_t{kAlignment}));
  }
  void deallocate(T* p, std::size_t) { ::operator delete(p, std::align_val_t{kAlignment}); }
  bool operator==(const AlignedAllocator&) const = default;
};

using Buffer = std::vector<float, AlignedAllocator<float>>;

// n rounded up to whole cache lines of float32.
constexpr std::size_t padded(std::size_t n) {
  constexpr std::size_t kLine = kAlignment / sizeof(float);
  return (n + kLine - 1) / kLine * kLine;
}

}  // namespace actfn::nn
