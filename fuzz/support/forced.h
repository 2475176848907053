// SPDX-License-Identifier: Apache-2.0
// The choices that a call makes by itself, made by a target: the instruction set, and how many
// threads share its work. The linker puts these in the place of the library's own (--wrap).
#pragma once

#include <actfn/threads.h>

#include <vector>

#include "kernels/table.h"

namespace actfn::fuzz {

struct Choices {
  kernels::Target target = kernels::Target::emu128;
  // As many workers as Threads allows, however small an array is.
  bool shares_all = false;
};

// While it lives, calls make these choices.
class Forced {
 public:
  explicit Forced(const Choices& choices);
  ~Forced();
  Forced(const Forced&) = delete;
  Forced& operator=(const Forced&) = delete;

 private:
  Choices before_;
};

// The instruction sets that run here, best first.
const std::vector<kernels::Target>& running_targets();

// Runs the parts in the caller's thread, the last one first.
extern const Executor kBackwards;

}  // namespace actfn::fuzz
