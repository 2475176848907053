// SPDX-License-Identifier: Apache-2.0
// Threads that share the passes of one network.
#pragma once

#include <actfn/threads.h>

#include "catalogue/error.h"
#include "memory/pool.h"
#include "memory/share.h"
#include "nn/product.h"

#include <algorithm>
#include <cstddef>
#include <exception>
#include <mutex>
#include <string_view>

namespace actfn::nn {

inline constexpr int kMostThreads = 1024;

// Throws Error unless a pass may use so many threads.
inline void require_threads(std::string_view who, int threads) {
  if (threads >= 1 && threads <= kMostThreads) return;
  fail(who, {"threads must be from 1 to ", kMostThreads, ", got ", threads});
}

// run() takes microseconds, hundreds of thousands of times.
class Team {
 public:
  // The caller of run() counts as one.
  explicit Team(int members, const Executor* executor = nullptr)
      : crew_{std::min(static_cast<std::size_t>(members), memory::kMostWorkers), executor},
        helpers_(executor == nullptr ? crew_.workers - 1 : 0) {}

  int members() const { return static_cast<int>(crew_.workers); }
  // The same threads, for calls that divide their work themselves.
  Threads threads() const { return {members(), crew_.executor}; }

  // f(member, block) for every block below `blocks`, each once; returns when all are done. A
  // member takes the blocks first whose numbers have its own number as remainder, every time, and
  // finds their data in its cache again; then it takes what others have not begun. What f throws
  // reaches the caller when all blocks are done.
  template <class F>
  void run(int blocks, F&& f) {
    if (blocks <= 0) return;
    const auto n = static_cast<std::size_t>(blocks);
    FirstError error;
    memory::share(n, 1, crew_, [&](std::size_t member, std::size_t begin, std::size_t end) {
      const SingleThreadedProducts single;
      for (std::size_t i = begin; i < end; ++i) {
        error.watch([&] { f(static_cast<int>(member), block_at(i, n)); });
      }
    });
    error.rethrow();
  }

 private:
  // share() gives each member a range of neighbours.
  int block_at(std::size_t i, std::size_t blocks) const {
    const std::size_t all = std::min(crew_.workers, blocks);
    std::size_t owner = 0;
    while (i >= memory::first_of(owner + 1, all, blocks, 1)) ++owner;
    return static_cast<int>(owner + all * (i - memory::first_of(owner, all, blocks, 1)));
  }

  class FirstError {
   public:
    template <class F>
    void watch(F&& f) {
      try {
        f();
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (error_ == nullptr) error_ = std::current_exception();
      }
    }
    void rethrow() const {
      if (error_ != nullptr) std::rethrow_exception(error_);
    }

   private:
    std::mutex mutex_;
    std::exception_ptr error_;
  };

  memory::Crew crew_;
  // Networks that train at the same time don't take each other's helpers.
  memory::Reservation helpers_;
};

}  // namespace actfn::nn
