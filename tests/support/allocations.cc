// SPDX-License-Identifier: Apache-2.0
#include "allocations.h"

#include <atomic>
#include <cstdlib>
#include <limits>
#include <new>

#include "sanitizers.h"

namespace {

constexpr std::size_t kUnlimited = std::numeric_limits<std::size_t>::max();

std::atomic<long> count{0};
std::atomic<std::size_t> limit{kUnlimited};

}  // namespace

#if !ACTFN_TSAN

template <class Take>
static void* take_counted(std::size_t n, Take&& take) {
  count.fetch_add(1, std::memory_order_relaxed);
  void* const p = n > limit.load(std::memory_order_relaxed) ? nullptr : take();
  if (p == nullptr) throw std::bad_alloc();
  return p;
}

// The other forms of new and delete, for arrays and without exceptions, call these.
void* operator new(std::size_t n) {
  return take_counted(n, [n] { return std::malloc(n == 0 ? 1 : n); });
}
void* operator new(std::size_t n, std::align_val_t alignment) {
  const auto a = static_cast<std::size_t>(alignment);
  return take_counted(n, [n, a] { return std::aligned_alloc(a, (n + a - 1) / a * a); });
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

#endif

namespace actfn::testing {

bool allocations_are_counted() { return ACTFN_TSAN == 0; }
long allocation_count() { return count.load(); }

AllocationLimit::AllocationLimit(std::size_t bytes) { limit.store(bytes); }
AllocationLimit::~AllocationLimit() { limit.store(kUnlimited); }

}  // namespace actfn::testing
