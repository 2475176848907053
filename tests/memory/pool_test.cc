// SPDX-License-Identifier: Apache-2.0
// Threads that stay for later calls: as many as a call has asked for, shared by all callers.
#include "memory/pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "malloc_count.h"
#include "processes.h"
#include "sanitizers.h"
#include "sums.h"

namespace actfn::memory {
namespace {

using testing::result_in_child;
using testing::thread_count;
using testing::thread_count_at_rest;
using testing::visits_all_once;

// Tests in children have a pool of their own.
#define ACTFN_NEEDS_CHILD_WITH_THREADS() \
  if (ACTFN_TSAN) GTEST_SKIP() << "ThreadSanitizer knows no threads of a forked child"

template <class F>
void by_callers_at_once(int callers, F&& f) {
  std::vector<std::thread> threads;
  for (int caller = 0; caller < callers; ++caller) threads.emplace_back(f);
  for (auto& thread : threads) thread.join();
}

// More helpers than other tests have started here, and all of them are busy.
class Blocked {
 public:
  Blocked() : caller_([this] { run_together(kWorkers, [this](std::size_t) { wait(); }); }) {
    while (waiting_ < kWorkers) std::this_thread::yield();
  }
  ~Blocked() {
    go_on_ = true;
    caller_.join();
  }

 private:
  void wait() {
    ++waiting_;
    while (!go_on_) std::this_thread::yield();
  }

  static constexpr int kWorkers = 8;
  std::atomic<int> waiting_{0};
  std::atomic<bool> go_on_{false};
  std::thread caller_;
};

TEST(Pool, RunsWorkersAtTheSameTime) {
  std::atomic<int> there = 0;
  run_together(4, [&there](std::size_t) {
    ++there;
    while (there < 4) std::this_thread::yield();
  });
  EXPECT_EQ(there, 4);
}

TEST(Pool, IsSharedByCallersAtOnce) {
  by_callers_at_once(8, [] {
    for (int round = 0; round < 200; ++round) ASSERT_TRUE(visits_all_once(5'000, 16, {4}));
  });
}

TEST(Pool, ServesMoreCallersThanItHasPlacesFor) {
  by_callers_at_once(40, [] {
    for (int round = 0; round < 20; ++round) ASSERT_TRUE(visits_all_once(1'000, 16, {3}));
  });
}

TEST(Pool, LetsBodiesCallItAgain) {
  std::atomic<int> wrong = 0;
  const auto in_two_levels = [&wrong](std::size_t, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      share(8, 1, {3}, [&wrong](std::size_t, std::size_t, std::size_t) {
        if (!visits_all_once(300, 8, {4})) ++wrong;
      });
    }
  };
  for (int round = 0; round < 20; ++round) share(20, 1, {4}, in_two_levels);
  EXPECT_EQ(wrong, 0);
}

TEST(Pool, DoesNotWaitForHelpersThatAreBusy) {
  const Blocked blocked;
  EXPECT_TRUE(visits_all_once(10'000, 16, {4}));
}

TEST(Pool, HasNoMoreThreadsThanACallHasAskedFor) {
  ACTFN_NEEDS_CHILD_WITH_THREADS();
  EXPECT_EQ(result_in_child([] {
              const auto before = thread_count_at_rest();
              std::vector<std::ptrdiff_t> helpers;
              for (const std::size_t workers : {1U, 2U, 5U, 3U, 5U}) {
                for (int i = 0; i < 50; ++i) visits_all_once(1'000, 1, {workers});
                helpers.push_back(thread_count() - before);
              }
              return helpers == std::vector<std::ptrdiff_t>{0, 1, 4, 4, 4} ? 0 : 1;
            }),
            0);
}

TEST(Pool, StartsNoThreadForAnExecutor) {
  ACTFN_NEEDS_CHILD_WITH_THREADS();
  EXPECT_EQ(result_in_child([] {
              const Executor executor = {
                  [](void*, std::size_t n, void (*part)(void*, std::size_t), void* argument) {
                    for (std::size_t i = 0; i < n; ++i) part(argument, i);
                  }};
              const auto before = thread_count_at_rest();
              const bool right = visits_all_once(1'000, 1, {4, &executor});
              return right && thread_count() == before ? 0 : 1;
            }),
            0);
}

TEST(Pool, ReservesHelpersForCallersAtOnce) {
  ACTFN_NEEDS_CHILD_WITH_THREADS();
  EXPECT_EQ(result_in_child([] {
              const auto before = thread_count_at_rest();
              {
                const Reservation one(2);
                const Reservation other(1);
                if (!visits_all_once(1'000, 1, {2}) || thread_count() - before != 3) return 1;
              }
              return 0;
            }),
            0);
}

TEST(Pool, AllocatesNothingWhenItHasItsThreads) {
  if (!testing::mallocs_are_counted()) GTEST_SKIP() << "a sanitizer has replaced malloc";
  std::atomic<std::size_t> sum = 0;
  const auto call = [&sum] {
    share(1'000, 1, {4},
          [&sum](std::size_t, std::size_t begin, std::size_t end) { sum += end - begin; });
  };
  call();
  const long before = testing::malloc_count();
  for (int i = 0; i < 1'000; ++i) call();
  EXPECT_EQ(testing::malloc_count() - before, 0);
  EXPECT_EQ(sum, 1'001'000U);
}

TEST(Mallocs, AreCounted) {
  if (!testing::mallocs_are_counted()) GTEST_SKIP() << "a sanitizer has replaced malloc";
  const long before = testing::malloc_count();
  const std::vector<float> ours(100);
  testing::keep(ours.data());
  EXPECT_EQ(testing::malloc_count() - before, 1);
}

// Helpers that have slept are woken.
TEST(Pool, GoesOnAfterAPause) {
  for (int round = 0; round < 20; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
    std::atomic<int> there = 0;
    run_together(4, [&there](std::size_t) {
      ++there;
      while (there < 4) std::this_thread::yield();
    });
  }
}

TEST(Fork, GivesTheChildAPoolOfItsOwn) {
  ACTFN_NEEDS_CHILD_WITH_THREADS();
  ASSERT_TRUE(visits_all_once(100'000, 16, {4}));
  for (int round = 0; round < 10; ++round) {
    EXPECT_EQ(result_in_child([] {
                const auto before = thread_count_at_rest();
                const bool right = visits_all_once(100'000, 16, {4});
                return right && thread_count() - before == 3 ? 0 : 1;
              }),
              0);
    EXPECT_TRUE(visits_all_once(100'000, 16, {4}));
  }
}

// 0 if the workers have seen all elements. Nothing is allocated: in a child, malloc's locks may be
// those of threads that are not there.
int sum_is_wrong() {
  std::atomic<std::size_t> sum = 0;
  share(1'000, 1, {4},
        [&sum](std::size_t, std::size_t begin, std::size_t end) { sum += end - begin; });
  return sum == 1'000U ? 0 : 1;
}

TEST(Fork, IsPossibleWhileOthersCall) {
  if (!ACTFN_MAY_FORK) GTEST_SKIP() << "sanitizers know no threads of a forked child";
  ACTFN_NEEDS_CHILD_WITH_THREADS();
  std::atomic<bool> ended = false;
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 3; ++caller) {
    callers.emplace_back([&ended] {
      while (!ended) sum_is_wrong();
    });
  }
  for (int round = 0; round < 10; ++round) EXPECT_EQ(result_in_child(sum_is_wrong), 0);
  ended = true;
  for (auto& caller : callers) caller.join();
}

TEST(Fork, LetsAChildThatNeverCallsExit) {
  ASSERT_TRUE(visits_all_once(100'000, 16, {4}));
  EXPECT_EQ(result_in_child([] { return 7; }), 7);
}

}  // namespace
}  // namespace actfn::memory
