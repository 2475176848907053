#include "nn/team.h"

#include "nn/product.h"

#include <hwy/cache_control.h>

namespace actfn::nn {
namespace {

constexpr int kSpins = 20000;  // about half a millisecond

// Until `value` differs from `old`.
void wait_for_change(const std::atomic<std::uint32_t>& value, std::uint32_t old) {
  for (int i = 0; i < kSpins; ++i) {
    if (value.load(std::memory_order_acquire) != old) return;
    hwy::Pause();
  }
  value.wait(old, std::memory_order_acquire);
}

}  // namespace

Team::Team(int members) {
  for (int member = 1; member < members; ++member) {
    threads_.emplace_back([this, member] { serve(member); });
  }
}

Team::~Team() {
  stop_.store(true, std::memory_order_relaxed);
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void Team::share(int member) {
  for (int block = member; block < blocks_; block += members()) call_(context_, member, block);
}

void Team::serve(int member) {
  const SingleThreadedProducts single;
  std::uint32_t seen = 0;
  while (true) {
    wait_for_change(round_, seen);
    ++seen;
    if (stop_.load(std::memory_order_relaxed)) return;
    share(member);
    finished_.fetch_add(1, std::memory_order_release);
    finished_.notify_one();
  }
}

void Team::work(Call call, void* context, int blocks) {
  call_ = call;
  context_ = context;
  blocks_ = blocks;
  const auto before = finished_.load(std::memory_order_relaxed);
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
  share(0);
  const auto all = before + static_cast<std::uint32_t>(threads_.size());
  for (auto now = finished_.load(std::memory_order_acquire); now != all;
       now = finished_.load(std::memory_order_acquire)) {
    wait_for_change(finished_, now);
  }
}

}  // namespace actfn::nn
