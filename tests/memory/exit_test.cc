// SPDX-License-Identifier: Apache-2.0
// Static objects may use threads in their constructors and destructors, before and after the
// pool's own. Prints what they see; CMake compares.
#include <cstdio>

#include "memory/scratch.h"
#include "processes.h"
#include "sums.h"

namespace {

struct Caller {
  explicit Caller(const char* its_name) : name(its_name) { call("begins"); }
  ~Caller() { call("ends"); }

  void call(const char* when) const {
    const actfn::memory::Scratch scratch(50'000);
    const bool right =
        scratch.data() != nullptr && actfn::testing::visits_all_once(10'000, 16, {4});
    std::printf("%s %s: %s\n", name, when, right ? "right" : "wrong");
  }

  const char* name;
};

[[gnu::init_priority(101)]] Caller first("first");

}  // namespace

int main() {
  static const Caller last("last");
  const auto helpers = actfn::testing::thread_count() - 1;
  std::printf("main: %d or more helpers\n", helpers < 3 ? static_cast<int>(helpers) : 3);
}
