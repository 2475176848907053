// A plug-in that is unloaded leaves no threads behind, in code that is gone.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include "processes.h"

namespace actfn {
namespace {

TEST(Unloading, EndsTheThreads) {
  const auto before = testing::thread_count_at_rest();
  for (int round = 0; round < 20; ++round) {
    void* const plugin = dlopen(ACTFN_PLUGIN, RTLD_NOW | RTLD_LOCAL);
    ASSERT_NE(plugin, nullptr) << dlerror();
    const auto compute = reinterpret_cast<int (*)()>(dlsym(plugin, "compute"));
    ASSERT_NE(compute, nullptr);
    EXPECT_EQ(compute(), 1);
    EXPECT_EQ(testing::thread_count() - before, 3);
    dlclose(plugin);
    EXPECT_EQ(dlopen(ACTFN_PLUGIN, RTLD_NOW | RTLD_NOLOAD), nullptr) << "it is still loaded";
    EXPECT_TRUE(testing::thread_count_becomes(before));
  }
  // The handlers that the plug-in had for forks have gone with it.
  EXPECT_EQ(testing::result_in_child([] { return 3; }), 3);
}

}  // namespace
}  // namespace actfn
