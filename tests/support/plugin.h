// SPDX-License-Identifier: Apache-2.0
// A plug-in that is loaded, computes and is unloaded, as hosts do it.
#pragma once

#include <dlfcn.h>
#include <gtest/gtest.h>

namespace actfn::testing {

// Loads the plug-in at `path`, calls its compute(), then `loaded`, and unloads it.
template <class F>
void expect_unloads(const char* path, F&& loaded) {
  void* const plugin = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(plugin, nullptr) << dlerror();
  const auto compute = reinterpret_cast<int (*)()>(dlsym(plugin, "compute"));
  ASSERT_NE(compute, nullptr);
  EXPECT_EQ(compute(), 1);
  loaded();
  dlclose(plugin);
  EXPECT_EQ(dlopen(path, RTLD_NOW | RTLD_NOLOAD), nullptr) << "it is still loaded";
}

}  // namespace actfn::testing
