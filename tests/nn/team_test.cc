// Work shared between threads: every block once, whoever does it, and errors reach the caller.
#include "nn/team.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

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

}  // namespace
}  // namespace actfn::nn
