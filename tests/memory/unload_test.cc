// SPDX-License-Identifier: Apache-2.0
// A plug-in that is unloaded leaves no threads behind, in code that is gone.
#include <gtest/gtest.h>

#include "plugin.h"
#include "processes.h"

namespace actfn {
namespace {

TEST(Unloading, EndsTheThreads) {
  const auto before = testing::thread_count_at_rest();
  for (int round = 0; round < 20; ++round) {
    ASSERT_NO_FATAL_FAILURE(testing::expect_unloads(
        ACTFN_PLUGIN, [&] { EXPECT_EQ(testing::thread_count() - before, 3); }));
    EXPECT_TRUE(testing::thread_count_becomes(before));
  }
  // The handlers that the plug-in had for forks have gone with it.
  EXPECT_EQ(testing::result_in_child([] { return 3; }), 3);
}

}  // namespace
}  // namespace actfn
