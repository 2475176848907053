// Threads that share the passes of one network.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <thread>
#include <type_traits>
#include <vector>

namespace actfn::nn {

// run() takes microseconds, hundreds of thousands of times. Helpers spin for a moment before they
// sleep, and nobody waits for a helper that has not begun: on a busy machine the caller does the
// work alone.
class Team {
 public:
  explicit Team(int members);  // the caller of run() counts as one
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  int members() const { return static_cast<int>(threads_.size()) + 1; }

  // f(member, block) for every block below `blocks`, each once; returns when all are done. A
  // member takes the same blocks first every time and finds its data in its cache again; then it
  // takes what others have not begun. What f throws reaches the caller when all blocks are done.
  template <class F>
  void run(int blocks, F&& f) {
    if (threads_.empty() || blocks == 1) {
      for (int block = 0; block < blocks; ++block) f(0, block);
      return;
    }
    const auto call = [](void* context, int member, int block) {
      (*static_cast<std::remove_reference_t<F>*>(context))(member, block);
    };
    work({call, const_cast<void*>(static_cast<const void*>(&f)), blocks});
  }

 private:
  struct Job {
    void (*call)(void* context, int member, int block);
    void* context;
    int blocks;
  };

  void work(const Job& job);
  void share(int member, std::uint32_t round);
  bool claim(int block, std::uint32_t round);
  void serve(int member);
  void stop();

  Job job_ = {};  // may change only while nobody is inside a round
  std::unique_ptr<std::atomic<std::uint32_t>[]> claims_;  // the round that last took each block
  int claims_size_ = 0;
  alignas(64) std::atomic<std::uint32_t> round_{0};  // odd while a job is open
  alignas(64) std::atomic<int> done_{0};             // blocks of the open round
  std::atomic<int> inside_{0};                       // helpers that may look at job_
  std::atomic<bool> failed_{false};
  std::exception_ptr error_;  // of the block that failed first
  std::atomic<bool> stop_{false};
  std::vector<std::thread> threads_;
};

}  // namespace actfn::nn
