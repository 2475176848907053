#include "nn/team.h"

#include "nn/product.h"

#include <hwy/cache_control.h>

#include <utility>

namespace actfn::nn {
namespace {

// Spinning bridges the gaps within a step, tens of microseconds. Longer, it would keep a core from
// the very thread that it waits for, where others use the machine too.
constexpr int kSpins = 2000;

// True when `ready` came true within the spins.
template <class Ready>
bool spin_until(Ready ready) {
  for (int i = 0; i < kSpins; ++i) {
    if (ready()) return true;
    hwy::Pause();
  }
  return false;
}

template <class Ready>
void wait_until(Ready ready) {
  if (spin_until(ready)) return;
  while (!ready()) std::this_thread::yield();
}

}  // namespace

Team::Team(int members) {
  try {
    for (int member = 1; member < members; ++member) {
      threads_.emplace_back([this, member] { serve(member); });
    }
  } catch (...) {
    stop();
    throw;
  }
}

Team::~Team() { stop(); }

void Team::stop() {
  stop_.store(true);
  round_.fetch_add(2);
  round_.notify_all();
  for (auto& thread : threads_) thread.join();
}

bool Team::claim(int block, std::uint32_t round) {
  auto& last = claims_[static_cast<std::size_t>(block)];
  auto seen = last.load(std::memory_order_relaxed);
  return seen != round && last.compare_exchange_strong(seen, round, std::memory_order_acq_rel);
}

void Team::share(int member, std::uint32_t round) {
  const int all = members();
  for (int owner = 0; owner < all; ++owner) {
    for (int block = (member + owner) % all; block < job_.blocks; block += all) {
      if (!claim(block, round)) continue;
      try {
        job_.call(job_.context, member, block);
      } catch (...) {
        if (!failed_.exchange(true)) error_ = std::current_exception();
      }
      done_.fetch_add(1, std::memory_order_release);
    }
  }
}

void Team::serve(int member) {
  const SingleThreadedProducts single;
  std::uint32_t seen = 0;
  while (!stop_.load()) {
    if (!spin_until([&] { return round_.load() != seen; })) round_.wait(seen);
    seen = round_.load();
    if (seen % 2 == 0) continue;
    // The round may close between the look and the step inside: look again from there.
    inside_.fetch_add(1);
    if (round_.load() == seen) share(member, seen);
    inside_.fetch_sub(1);
  }
}

void Team::work(const Job& job) {
  if (job.blocks > claims_size_) {
    claims_ = std::make_unique<std::atomic<std::uint32_t>[]>(static_cast<std::size_t>(job.blocks));
    claims_size_ = job.blocks;
  }
  job_ = job;
  done_.store(0, std::memory_order_relaxed);
  const std::uint32_t open = round_.load(std::memory_order_relaxed) + 1;
  round_.store(open);
  round_.notify_all();
  share(0, open);
  wait_until([&] { return done_.load(std::memory_order_acquire) == job.blocks; });
  round_.store(open + 1);
  wait_until([&] { return inside_.load() == 0; });
  if (failed_.exchange(false)) std::rethrow_exception(std::exchange(error_, nullptr));
}

}  // namespace actfn::nn
