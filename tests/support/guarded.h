// SPDX-License-Identifier: Apache-2.0
// Memory between two pages that nobody may touch: reading or writing beyond an array that lies
// flush against one of them ends the program.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <new>

namespace actfn::testing {

class Guarded {
 public:
  Guarded() : page_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))) {
    void* const all = mmap(nullptr, 3 * page_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED) throw std::bad_alloc();
    begin_ = static_cast<char*>(all) + page_;
    if (mprotect(begin_, page_, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc();
  }
  ~Guarded() { munmap(begin_ - page_, 3 * page_); }
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;

  // The first or the last n elements of the page.
  template <class T>
  T* first() {
    return reinterpret_cast<T*>(begin_);
  }
  template <class T>
  T* last(std::size_t n) {
    return reinterpret_cast<T*>(begin_ + page_) - n;
  }

 private:
  std::size_t page_;
  char* begin_;
};

}  // namespace actfn::testing
