// SPDX-License-Identifier: Apache-2.0
#include "malloc_count.h"

#include "sanitizers.h"

#include <atomic>
#include <cerrno>
#include <cstddef>

namespace {
std::atomic<long> count{0};
constinit thread_local int pauses = 0;
}  // namespace

#if defined(__GLIBC__) && !ACTFN_TSAN && !ACTFN_ASAN

static void add_one() {
  if (pauses == 0) ++count;
}

extern "C" {

void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);

void* malloc(std::size_t n) {
  add_one();
  return __libc_malloc(n);
}
void* calloc(std::size_t n, std::size_t size) {
  add_one();
  return __libc_calloc(n, size);
}
void* realloc(void* p, std::size_t n) {
  add_one();
  return __libc_realloc(p, n);
}
void* aligned_alloc(std::size_t alignment, std::size_t n) {
  add_one();
  return __libc_memalign(alignment, n);
}
void* memalign(std::size_t alignment, std::size_t n) {
  add_one();
  return __libc_memalign(alignment, n);
}
int posix_memalign(void** p, std::size_t alignment, std::size_t n) {
  add_one();
  *p = __libc_memalign(alignment, n);
  return *p == nullptr ? ENOMEM : 0;
}

}  // extern "C"

bool actfn::testing::mallocs_are_counted() { return true; }

#else

bool actfn::testing::mallocs_are_counted() { return false; }

#endif

long actfn::testing::malloc_count() { return count.load(); }

actfn::testing::MallocPause::MallocPause() { ++pauses; }
actfn::testing::MallocPause::~MallocPause() { --pauses; }
