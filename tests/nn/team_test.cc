// SPDX-License-Identifier: Apache-2.0
// Work shared between threads: every block once, whoever does it, and errors reach the caller.
#include "nn/team.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <vector>

#include "processes.h"
#include "sanitizers.h"

namespace actfn::nn {
namespace {

TEST(Team, DoesEveryBlockOnce) {
  for (const int members : {1, 2, 3, 7}) {
    Team team(members);
    for (int round = 0; round < 500; ++round) {
      const int blocks = round % 23;
      std::vector<std::atomic<int>> done(static_cast<std::size_t>(blocks));
      team.run(blocks,
               [&done](int /*member*/, int block) { ++done[static_cast<std::size_t>(block)]; });
      for (const auto& count : done) ASSERT_EQ(count.load(), 1);
    }
  }
}

TEST(Team, AnErrorReachesTheCallerAndTheTeamGoesOn) {
  Team team(3);
  for (int round = 0; round < 100; ++round) {
    const auto fail = [](int /*member*/, int block) {
      if (block == 5) throw std::runtime_error("block 5");
    };
    EXPECT_THROW(team.run(8, fail), std::runtime_error);
    std::atomic<int> done = 0;
    team.run(8, [&done](int /*member*/, int /*block*/) { ++done; });
    ASSERT_EQ(done.load(), 8);
  }
}

TEST(Team, RunsInAnExecutor) {
  int parts = 0;
  const Executor executor = {
      [](void* context, std::size_t n, void (*part)(void*, std::size_t), void* argument) {
        for (std::size_t i = n; i-- > 0; ++*static_cast<int*>(context)) part(argument, i);
      },
      &parts};
  Team team(3, &executor);
  std::vector<int> done(10);
  team.run(10, [&done](int /*member*/, int block) { ++done[static_cast<std::size_t>(block)]; });
  EXPECT_EQ(done, std::vector<int>(10, 1));
  EXPECT_EQ(parts, 3);
}

TEST(Team, WorksAndEndsInAForkedChild) {
  if (!ACTFN_MAY_FORK) GTEST_SKIP() << "sanitizers know no threads of a forked child";
  auto team = std::make_unique<Team>(3);
  const auto sum = [&team] {
    std::atomic<int> all = 0;
    team->run(20, [&all](int /*member*/, int block) { all += block; });
    return all.load();
  };
  EXPECT_EQ(sum(), 190);
  const auto sum_and_end = [&] {
    const int all = sum();
    team.reset();
    return all;
  };
  EXPECT_EQ(testing::result_in_child(sum_and_end), 190);
  EXPECT_EQ(sum(), 190);
}

}  // namespace
}  // namespace actfn::nn
