// SPDX-License-Identifier: Apache-2.0
#include "lab/array_memory.h"

#ifdef __linux__
#include <sys/mman.h>
#endif

#include <cstring>
#include <new>

namespace actfn::lab {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kLargePage = std::size_t{1} << 21U;
// Where a load's address equals that of a store shortly before it in the lowest 12 bits, CPUs
// believe that the load needs the store, and wait. So arrays start at different places of a page.
constexpr std::size_t kStagger = 1344;

std::byte* zeroed(std::size_t bytes) {
  bytes = (bytes / kLargePage + 1) * kLargePage;
  void* const memory = std::aligned_alloc(kLargePage, bytes);
  if (memory == nullptr) throw std::bad_alloc();
#ifdef __linux__
  madvise(memory, bytes, MADV_HUGEPAGE);
#endif
  std::memset(memory, 0, bytes);
  return static_cast<std::byte*>(memory);
}

}  // namespace

ArrayMemory::ArrayMemory(std::size_t count, std::size_t bytes)
    : slot_((bytes / kPage + 1) * kPage + kStagger), memory_(zeroed(count * slot_)) {}

}  // namespace actfn::lab
