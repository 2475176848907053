// Threads that share the passes of one network.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace actfn::nn {

// run() takes microseconds, hundreds of thousands of times: members spin for a while before they
// sleep.
class Team {
 public:
  explicit Team(int members);  // the caller of run() counts as one
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  int members() const { return static_cast<int>(threads_.size()) + 1; }

  // f(member, block) for every block below `blocks`, each once; returns when all are done. Blocks
  // go to members by a fixed rule, so that each finds its own data in its cache again.
  template <class F>
  void run(int blocks, F&& f) {
    if (threads_.empty() || blocks == 1) {
      for (int block = 0; block < blocks; ++block) f(0, block);
      return;
    }
    const auto call = [](void* context, int member, int block) {
      (*static_cast<std::remove_reference_t<F>*>(context))(member, block);
    };
    work(call, &f, blocks);
  }

 private:
  using Call = void (*)(void* context, int member, int block);
  void work(Call call, void* context, int blocks);
  void share(int member);
  void serve(int member);

  Call call_ = nullptr;
  void* context_ = nullptr;
  int blocks_ = 0;
  alignas(64) std::atomic<std::uint32_t> round_{0};
  alignas(64) std::atomic<std::uint32_t> finished_{0};
  std::atomic<bool> stop_{false};
  std::vector<std::thread> threads_;
};

}  // namespace actfn::nn
