// SPDX-License-Identifier: Apache-2.0
// How a loop is divided, and among how many.
#include "memory/share.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <limits>
#include <mutex>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "memory/pool.h"
#include "sums.h"

namespace actfn::memory {
namespace {

using testing::visits_all_once;

// Runs the parts in threads of its own, the last one first, and counts them.
struct OwnThreads {
  std::size_t parts = 0;

  Executor executor() {
    return {[](void* context, std::size_t n, void (*part)(void*, std::size_t), void* argument) {
              static_cast<OwnThreads*>(context)->parts += n;
              std::vector<std::thread> threads;
              for (std::size_t i = n; i-- > 1;) {
                threads.emplace_back([=] { part(argument, i); });
              }
              part(argument, 0);
              for (auto& thread : threads) thread.join();
            },
            this};
  }
};

TEST(FunctionRef, CallsConstLambdasAndChangesWhatTheyReferTo) {
  int sum = 0;
  const auto add = [&sum](int a, int b) { return sum += a * b; };
  const FunctionRef<int(int, int)> f = add;
  EXPECT_EQ(f(2, 3), 6);
  EXPECT_EQ(FunctionRef<int(int, int)>(f)(1, 1), 7);
  EXPECT_EQ(sum, 7);
  static_assert(std::is_trivially_copyable_v<FunctionRef<void()>>);
  static_assert(sizeof(FunctionRef<void()>) == 2 * sizeof(void*));
}

TEST(Share, VisitsEveryElementOnce) {
  for (const std::size_t n : {0U, 1U, 63U, 64U, 65U, 448U, 1000U, 100'003U}) {
    for (const std::size_t unit : {1U, 7U, 64U}) {
      for (const std::size_t workers : {0U, 1U, 2U, 3U, 7U, 64U, 1000U}) {
        EXPECT_TRUE(visits_all_once(n, unit, {workers})) << n << " / " << unit << " by " << workers;
      }
    }
  }
}

TEST(Share, CutsAtMultiplesOfTheUnit) {
  constexpr std::size_t kUnit = 24;
  for (const std::size_t n : {1000U, 24'000U}) {
    share(n, kUnit, {3}, [n](std::size_t worker, std::size_t begin, std::size_t end) {
      EXPECT_LT(worker, 3U);
      EXPECT_LT(begin, end);
      EXPECT_EQ(begin % kUnit, 0U);
      EXPECT_TRUE(end % kUnit == 0 || end == n) << end;
    });
  }
}

TEST(Share, CallsTheBodyDirectlyForOneWorkerOrOneUnit) {
  for (const auto& [unit, workers] : {std::pair{8U, 1U}, std::pair{100U, 4U}, {500U, 4U}}) {
    std::vector<std::array<std::size_t, 3>> calls;
    share(100, unit, {workers}, [&](std::size_t worker, std::size_t begin, std::size_t end) {
      calls.push_back({worker, begin, end});
    });
    EXPECT_EQ(calls, (std::vector<std::array<std::size_t, 3>>{{0, 0, 100}}));
  }
}

TEST(Share, NeverRunsTwoBodiesAsTheSameWorker) {
  EXPECT_TRUE(
      visits_all_once(1'000, 1, {9}));  // the pool has more helpers than the calls below use
  for (int round = 0; round < 50; ++round) {
    std::array<std::atomic<int>, 5> busy{};
    share(500, 1, {busy.size()}, [&](std::size_t worker, std::size_t, std::size_t) {
      EXPECT_EQ(busy.at(worker)++, 0);
      std::this_thread::yield();
      --busy.at(worker);
    });
  }
}

TEST(Share, CutsWhereWorkersBegin) {
  std::set<std::size_t> wanted;
  for (std::size_t worker = 0; worker < 4; ++worker) wanted.insert(first_of(worker, 4, 1003, 10));
  for (int round = 0; round < 100; ++round) {
    std::mutex mutex;
    std::set<std::size_t> cuts;
    share(1003, 10, {4}, [&](std::size_t, std::size_t begin, std::size_t) {
      const std::lock_guard lock(mutex);
      cuts.insert(begin);
    });
    EXPECT_TRUE(std::ranges::includes(cuts, wanted));
  }
}

TEST(FirstOf, DividesEvenly) {
  EXPECT_EQ(first_of(0, 3, 100, 10), 0U);
  EXPECT_EQ(first_of(1, 3, 100, 10), 40U);
  EXPECT_EQ(first_of(2, 3, 100, 10), 70U);
  EXPECT_EQ(first_of(3, 3, 95, 10), 95U);
  constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max();
  EXPECT_EQ(first_of(64, 64, kMost, 1), kMost);
  EXPECT_EQ(first_of(32, 64, kMost, 1), kMost / 2 + 1);
}

TEST(CrewFor, DependsOnWhatThereIsToDo) {
  EXPECT_EQ(crew_for({7}, 10'000'000, 1).workers, 7U);
  EXPECT_EQ(crew_for({1}, 10'000'000, 1).workers, 1U);
  EXPECT_EQ(crew_for({7}, 64 * 2048, 0.2).workers, 2U);  // 26 us
  EXPECT_EQ(crew_for({7}, 1'000, 1).workers, 1U);
  EXPECT_EQ(crew_for({7}, 0, 1).workers, 1U);
  EXPECT_EQ(crew_for({0}, 10'000'000, 1).workers, std::min(processors(), kMostWorkers));
  constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max();
  EXPECT_EQ(crew_for({1'000'000}, kMost, 1e9).workers, kMostWorkers);
}

TEST(Executor, RunsEveryPart) {
  OwnThreads own;
  const Executor executor = own.executor();
  const Crew crew = crew_for({3, &executor}, 1'000'000, 1);
  EXPECT_EQ(crew.workers, 3U);
  EXPECT_TRUE(visits_all_once(100'000, 64, crew));
  EXPECT_EQ(own.parts, 3U);
  EXPECT_TRUE(visits_all_once(2, 1, crew));
  EXPECT_EQ(own.parts, 5U);
}

TEST(Executor, MayRunThePartsOneAfterTheOther) {
  const Executor executor = {
      [](void*, std::size_t n, void (*part)(void*, std::size_t), void* argument) {
        for (std::size_t i = n; i-- > 0;) part(argument, i);
      }};
  EXPECT_TRUE(visits_all_once(100'000, 64, {4, &executor}));
}

}  // namespace
}  // namespace actfn::memory
