// SPDX-License-Identifier: Apache-2.0
#include "support/forced.h"

#include <actfn/target.h>

#include <algorithm>
#include <iterator>

#include "memory/share.h"
#include "support/require.h"

namespace actfn::fuzz {
namespace {

std::vector<kernels::Target> find_targets() {
  std::vector<kernels::Target> all;
  for (const auto name : targets()) {
    const auto* const at = std::ranges::find(kernels::kTargetNames, name);
    all.push_back(static_cast<kernels::Target>(at - std::begin(kernels::kTargetNames)));
  }
  require(!all.empty(), "no instruction set runs here");
  return all;
}

Choices& choices() {
  static Choices all = {running_targets().back(), false};
  return all;
}

}  // namespace

kernels::Target forced_target() asm("__wrap__ZN5actfn7kernels13active_targetEv");
kernels::Target forced_target() { return choices().target; }

memory::Crew own_crew(const Threads& threads, std::size_t elements,
                      double nanoseconds) asm("__real__ZN5actfn6memory8crew_forERKNS_7ThreadsEmd");
memory::Crew forced_crew(const Threads& threads, std::size_t elements, double nanoseconds) asm(
    "__wrap__ZN5actfn6memory8crew_forERKNS_7ThreadsEmd");
memory::Crew forced_crew(const Threads& threads, std::size_t elements, double nanoseconds) {
  if (!choices().shares_all) return own_crew(threads, elements, nanoseconds);
  return {static_cast<std::size_t>(threads.count), threads.executor};
}

Forced::Forced(const Choices& now) : before_(choices()) { choices() = now; }
Forced::~Forced() { choices() = before_; }

const std::vector<kernels::Target>& running_targets() {
  static const std::vector<kernels::Target> all = find_targets();
  return all;
}

const Executor kBackwards = {
    [](void* /*context*/, std::size_t parts, void (*part)(void*, std::size_t), void* argument) {
      while (parts > 0) part(argument, --parts);
    }};

}  // namespace actfn::fuzz
