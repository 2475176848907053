// SPDX-License-Identifier: Apache-2.0
#include "forced_target.h"

#include <atomic>

namespace actfn::testing {
namespace {

std::atomic<kernels::Target>& choice() {
  static std::atomic<kernels::Target> target = running_targets().front();
  return target;
}

}  // namespace

kernels::Target forced_target() asm("__wrap__ZN5actfn7kernels13active_targetEv");
kernels::Target forced_target() { return choice(); }

ForcedTarget::ForcedTarget(kernels::Target target) : before_(choice().exchange(target)) {}
ForcedTarget::~ForcedTarget() { choice() = before_; }

}  // namespace actfn::testing
