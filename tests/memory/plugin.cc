// SPDX-License-Identifier: Apache-2.0
// A shared object that contains the library: what a host loads and unloads.
#include "memory/scratch.h"
#include "sums.h"

extern "C" [[gnu::visibility("default")]] int compute() {
  const actfn::memory::Scratch scratch(100'000);
  return scratch.data() != nullptr && actfn::testing::visits_all_once(10'000, 16, {4}) ? 1 : 0;
}
