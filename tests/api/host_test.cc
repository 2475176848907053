// SPDX-License-Identifier: Apache-2.0
// The library inside of hosts: many callers at once, forked workers, plug-ins that are unloaded.
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "elements.h"
#include "placed.h"
#include "plugin.h"
#include "processes.h"
#include "sanitizers.h"

namespace actfn {
namespace {

using testing::bits;
using Results = std::vector<std::vector<std::uint32_t>>;

constexpr std::size_t kRows = 64, kColumns = 2048;

// What calls of several kinds give.
Results results(Threads threads) {
  const Shape shape = {kRows, kColumns}, half = {kRows, kColumns / 2};
  const auto x = testing::drawn<float>(kRows * kColumns, 1);
  std::vector<float> y(x.size()), columns(x.size()), gated(x.size() / 2), dropped(x.size());
  std::vector<double> gradient(1);
  forward(Mish{}, x, y, threads);
  softmax({x, shape}, 0, {columns, shape}, {.threads = threads});
  forward(Swiglu{}, {x, shape}, -1, {gated, half}, {.threads = threads});
  forward(Dropout{}, x, {.seed = 3}, dropped, threads);
  parameter_gradient(Swish{}, x, y, gradient, threads);
  return {bits(y), bits(columns), bits(gated), bits(dropped),
          bits(std::vector<float>{static_cast<float>(gradient[0])})};
}

TEST(Host, ManyCallersAtOnce) {
  const Results want = results({1});
  std::vector<Results> got(8);
  {
    std::vector<std::jthread> callers;
    for (Results& mine : got) {
      callers.emplace_back([&mine] {
        for (int i = 0; i < 3; ++i) mine = results({4});
      });
    }
  }
  for (const Results& one : got) EXPECT_EQ(one, want);
}

TEST(Host, ForkedWorkersComputeWithThreadsOfTheirOwn) {
  if (!ACTFN_MAY_FORK) GTEST_SKIP() << "sanitizers know no threads of a forked child";
  const Results want = results({4});
  for (int round = 0; round < 5; ++round) {
    EXPECT_EQ(testing::result_in_child([&] { return results({4}) == want ? 7 : 1; }), 7);
  }
  EXPECT_EQ(results({4}), want);
}

TEST(Host, PluginsAreUnloadedWithTheirThreads) {
  const auto before = testing::thread_count_at_rest();
  for (int round = 0; round < 20; ++round) {
    ASSERT_NO_FATAL_FAILURE(testing::expect_unloads(ACTFN_PLUGIN, [] {}));
    EXPECT_TRUE(testing::thread_count_becomes(before));
  }
}

}  // namespace
}  // namespace actfn
