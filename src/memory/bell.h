// SPDX-License-Identifier: Apache-2.0
// How threads wait for each other: first they spin, then they sleep.
#pragma once

#include <hwy/cache_control.h>
#include <pthread.h>

#include <atomic>
#include <chrono>

namespace actfn::memory {

using Clock = std::chrono::steady_clock;

// Spinning bridges the gaps between calls that follow each other. Longer, it would keep a core from
// threads that have work.
inline constexpr auto kSpin = std::chrono::microseconds(50);

// True if `ready` became true before the deadline.
template <class Ready>
bool spin_until(Clock::time_point deadline, Ready ready) {
  constexpr int kLooks = 32;  // the clock is slower than `ready`
  do {
    for (int i = 0; i < kLooks; ++i) {
      if (ready()) return true;
      hwy::Pause();
    }
  } while (Clock::now() < deadline);
  return false;
}

// Where threads sleep until they are woken. If nobody sleeps, waking costs one load. What `ready`
// looks at must be sequentially consistent, as the members are: either the sleeper sees what has
// changed, or who has changed it sees the sleeper.
//
// POSIX's mutex and condition need no code to begin and end, so that static objects can use them at
// any time. std::atomic's wait() has a table that keeps shared objects from being unloaded.
class Bell {
 public:
  // Returns when it is woken, or at once if `ready`.
  template <class Ready>
  void sleep_unless(Ready ready) {
    pthread_mutex_lock(&mutex_);
    ++asleep_;
    while (woken_ == 0 && !ready()) pthread_cond_wait(&rung_, &mutex_);
    if (woken_ > 0) {
      --woken_;
    } else {
      --asleep_;
    }
    pthread_mutex_unlock(&mutex_);
  }

  void wake_one() { wake(1); }
  void wake_all() { wake(asleep_.load()); }

 private:
  void wake(int most) {
    if (asleep_.load() == 0) return;
    pthread_mutex_lock(&mutex_);
    const int now = most < asleep_.load() ? most : asleep_.load();
    woken_ += now;
    asleep_ -= now;
    pthread_mutex_unlock(&mutex_);
    if (now == 1) pthread_cond_signal(&rung_);
    if (now > 1) pthread_cond_broadcast(&rung_);
  }

  std::atomic<int> asleep_{0};  // and not woken
  int woken_ = 0;               // of those who have not gone yet
  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t rung_ = PTHREAD_COND_INITIALIZER;
};

}  // namespace actfn::memory
