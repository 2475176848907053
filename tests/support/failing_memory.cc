// SPDX-License-Identifier: Apache-2.0
#include "failing_memory.h"

#include "sanitizers.h"

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdlib>

namespace {

constexpr long kNever = -1;

std::atomic<long> left{kNever};  // requests that succeed before one fails
std::atomic<bool> goes_on{false};
std::atomic<bool> has_failed{false};
constinit thread_local int graces = 0;

bool refuses() {
  if (graces > 0 || left.load(std::memory_order_relaxed) == kNever) return false;
  if (has_failed.load()) return goes_on.load();
  if (left.fetch_sub(1) > 0) return false;
  left.store(0);
  has_failed.store(true);
  return true;
}

}  // namespace

#if defined(__GLIBC__) && !ACTFN_ASAN

extern "C" {

void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);

static void* refused() {
  errno = ENOMEM;
  return nullptr;
}

void* malloc(std::size_t n) { return refuses() ? refused() : __libc_malloc(n); }
void* calloc(std::size_t n, std::size_t size) {
  return refuses() ? refused() : __libc_calloc(n, size);
}
void* realloc(void* p, std::size_t n) { return refuses() ? refused() : __libc_realloc(p, n); }
void* aligned_alloc(std::size_t alignment, std::size_t n) {
  return refuses() ? refused() : __libc_memalign(alignment, n);
}
void* memalign(std::size_t alignment, std::size_t n) {
  return refuses() ? refused() : __libc_memalign(alignment, n);
}
int posix_memalign(void** p, std::size_t alignment, std::size_t n) {
  if (refuses()) return ENOMEM;
  *p = __libc_memalign(alignment, n);
  return *p == nullptr ? ENOMEM : 0;
}

}  // extern "C"

#else

// The forms of new and delete for arrays call these.
void* operator new(std::size_t n, const std::nothrow_t& /*tag*/) noexcept {
  return refuses() ? nullptr : std::malloc(n == 0 ? 1 : n);
}
void* operator new(std::size_t n) {
  void* const p = refuses() ? nullptr : std::malloc(n == 0 ? 1 : n);
  if (p == nullptr) throw std::bad_alloc();
  return p;
}
void* operator new(std::size_t n, std::align_val_t alignment) {
  const auto a = static_cast<std::size_t>(alignment);
  void* const p = refuses() ? nullptr : std::aligned_alloc(a, (n + a - 1) / a * a);
  if (p == nullptr) throw std::bad_alloc();
  return p;
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

#endif

namespace actfn::testing {

MemoryFailure::MemoryFailure(long k, Extent extent) {
  goes_on.store(extent == Extent::all_after);
  has_failed.store(false);
  left.store(k);
}
MemoryFailure::~MemoryFailure() { left.store(kNever); }
bool MemoryFailure::happened() { return has_failed.load(); }

MemoryGrace::MemoryGrace() { ++graces; }
MemoryGrace::~MemoryGrace() { --graces; }

}  // namespace actfn::testing
