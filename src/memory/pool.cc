// SPDX-License-Identifier: Apache-2.0
#include "memory/pool.h"

#include "catalogue/float_environment.h"
#include "memory/bell.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <new>
#include <thread>
#include <utility>

#ifdef __linux__
#include <sched.h>
#endif

namespace actfn::memory {
namespace {

using Work = FunctionRef<void(std::size_t worker)>;

constexpr std::size_t kMostJobs = 16;  // at the same time
constexpr std::uint64_t kNoSeat = ~std::uint64_t{0};

// A call of run_together(). Whoever sets a free bit of `seats` has that worker's number and may
// read `work` until it adds itself to `left`. It does not matter which job was there when it last
// looked.
struct alignas(64) Job {
  std::atomic<bool> used{false};
  std::atomic<std::uint64_t> seats{kNoSeat};  // set: taken, or none of this job
  std::atomic<int> left{0};                   // helpers that have ended their work
  const Work* work = nullptr;
};

// The whole pool. It needs no constructor at run time, so that static objects may use it; and no
// destructor: a forked child writes a new one over it and leaves the parent's threads alone.
struct Pool {
  std::array<Job, kMostJobs> jobs;
  alignas(64) std::atomic<std::uint32_t> jobs_so_far{0};
  std::atomic<bool> stopped{false};
  std::atomic<int> spinning{0};  // helpers that will see a new job without being woken
  Bell helpers_bell;
  Bell callers_bell;
  pthread_mutex_t growing = PTHREAD_MUTEX_INITIALIZER;
  std::atomic<std::size_t> helpers{0};
  std::array<pthread_t, kMostWorkers - 1> threads{};

  void grow(std::size_t wanted);
  void start_helpers(std::size_t wanted);
  Job* open(std::size_t workers, const Work& work);
  void close(Job& job, std::size_t workers);
  void wake_for(const Job& job);
  bool help(std::size_t helper);
  void serve(std::size_t helper);
  void stop();
};

constinit Pool pool;
constinit std::atomic<std::size_t> reserved{0};
constinit std::atomic<std::size_t> known_processors{0};

// A child has none of the parent's threads, and locks as they were in some moment.
void renew_pool() { new (&pool) Pool; }

// The child inherits the handler. A fork that has begun does not know of a later handler, so it is
// set before there are threads that may fork: when the library is loaded, or earlier by the first
// call of a static object.
bool has_fork_handler() {
  static constinit std::atomic<bool> set{false};  // twice does no harm
  if (!set) set = pthread_atfork(nullptr, nullptr, renew_pool) == 0;
  return set;
}

// Static objects that are destroyed after this one find a stopped pool. Unloading a shared object
// destroys its static objects first: no thread is left in its code.
const struct LoadedLibrary {
  LoadedLibrary() { has_fork_handler(); }
  ~LoadedLibrary() { pool.stop(); }
} loaded_library;

std::size_t take_seat(std::atomic<std::uint64_t>& seats, std::size_t wish) {
  std::uint64_t taken = seats.load(std::memory_order_relaxed);
  while (taken != kNoSeat) {
    const bool free = ((taken >> wish) & 1) == 0;
    const auto seat = free ? wish : static_cast<std::size_t>(std::countr_one(taken));
    const std::uint64_t then = taken | std::uint64_t{1} << seat;
    if (seats.compare_exchange_weak(taken, then, std::memory_order_acquire,
                                    std::memory_order_relaxed)) {
      return seat;
    }
  }
  return 0;
}

// Whoever is woken wakes the next one, rather than the caller all of them.
void Pool::wake_for(const Job& job) {
  if (std::popcount(~job.seats.load()) > spinning.load()) helpers_bell.wake_one();
}

// Works in one job that has a seat.
bool Pool::help(std::size_t helper) {
  for (Job& job : jobs) {
    const std::size_t worker = take_seat(job.seats, helper + 1);
    if (worker == 0) continue;
    wake_for(job);
    (*job.work)(worker);
    job.left.fetch_add(1);
    callers_bell.wake_all();
    return true;
  }
  return false;
}

void Pool::serve(std::size_t helper) {
  const bool may_spin = helper + 1 < processors();
  bool woken = false;
  auto deadline = Clock::now() + kSpin;
  while (!stopped.load()) {
    const std::uint32_t seen = jobs_so_far.load();  // before the search: no job comes unseen
    if (help(helper)) {
      deadline = Clock::now() + kSpin;
      continue;
    }
    // The caller that has woken this thread may wait for the processor that it now has.
    if (std::exchange(woken, false)) std::this_thread::yield();
    const auto changed = [&] { return jobs_so_far.load() != seen || stopped.load(); };
    ++spinning;
    const bool found = may_spin && spin_until(deadline, changed);
    --spinning;
    if (found) continue;
    helpers_bell.sleep_unless(changed);
    deadline = Clock::now() + kSpin;
    woken = true;
  }
}

void* serve_in_thread(void* helper) {
  const FloatEnvironment environment;
  pool.serve(reinterpret_cast<std::uintptr_t>(helper));
  return nullptr;
}

void Pool::start_helpers(std::size_t wanted) {
  if (!has_fork_handler()) return;
  // Signals are the host's: its own threads get them.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  for (std::size_t helper = helpers.load(); helper < wanted && !stopped.load(); ++helper) {
    void* const argument = reinterpret_cast<void*>(static_cast<std::uintptr_t>(helper));
    if (pthread_create(&threads[helper], nullptr, serve_in_thread, argument) != 0) break;
    helpers.store(helper + 1);
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void Pool::grow(std::size_t wanted) {
  wanted = std::min(std::max(wanted, reserved.load(std::memory_order_relaxed)), threads.size());
  // Whoever finds another thread at it goes on with the helpers that there are.
  if (helpers.load(std::memory_order_relaxed) >= wanted || pthread_mutex_trylock(&growing) != 0) {
    return;
  }
  start_helpers(wanted);
  pthread_mutex_unlock(&growing);
}

Job* Pool::open(std::size_t workers, const Work& work) {
  if (stopped.load(std::memory_order_relaxed)) return nullptr;
  grow(workers - 1);
  if (helpers.load(std::memory_order_relaxed) == 0) return nullptr;
  for (Job& job : jobs) {
    if (job.used.load(std::memory_order_relaxed) || job.used.exchange(true)) continue;
    job.work = &work;
    job.seats.store(kNoSeat << (workers - 1) << 1 | 1);
    ++jobs_so_far;
    wake_for(job);
    return &job;
  }
  return nullptr;
}

void Pool::close(Job& job, std::size_t workers) {
  const std::uint64_t taken = job.seats.exchange(kNoSeat);
  const int begun = std::popcount(taken) - static_cast<int>(kMostWorkers - workers) - 1;
  const auto ended = [&] { return job.left.load() == begun; };
  if (!ended() && !spin_until(Clock::now() + kSpin, ended)) {
    while (!ended()) callers_bell.sleep_unless(ended);
  }
  job.left.store(0, std::memory_order_relaxed);
  job.used.store(false, std::memory_order_release);
}

void Pool::stop() {
  pthread_mutex_lock(&growing);
  stopped.store(true);
  pthread_mutex_unlock(&growing);
  helpers_bell.wake_all();
  for (std::size_t helper = 0; helper < helpers.load(); ++helper) {
    pthread_join(threads[helper], nullptr);
  }
}

}  // namespace

void run_together(std::size_t workers, Work work) {
  workers = std::min(workers, kMostWorkers);
  Job* const job = workers > 1 ? pool.open(workers, work) : nullptr;
  work(0);
  if (job != nullptr) pool.close(*job, workers);
}

Reservation::Reservation(std::size_t helpers) : helpers_(helpers) { reserved += helpers; }
Reservation::~Reservation() { reserved -= helpers_; }

std::size_t processors() {
  std::size_t n = known_processors.load(std::memory_order_relaxed);
  if (n != 0) return n;
#ifdef __linux__
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof(allowed), &allowed) == 0) {
    n = static_cast<std::size_t>(CPU_COUNT(&allowed));
  }
#endif
  if (n == 0) n = std::max(1U, std::thread::hardware_concurrency());
  known_processors.store(n, std::memory_order_relaxed);
  return n;
}

}  // namespace actfn::memory
