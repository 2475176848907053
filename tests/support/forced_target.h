// SPDX-License-Identifier: Apache-2.0
// One program runs every instruction set: the linker puts this choice in the place of the library's
// own (--wrap=_ZN5actfn7kernels13active_targetEv).
#pragma once

#include "targets.h"

namespace actfn::testing {

// While it lives, kernels are those of the target, in every thread.
class ForcedTarget {
 public:
  explicit ForcedTarget(kernels::Target target);
  ~ForcedTarget();
  ForcedTarget(const ForcedTarget&) = delete;
  ForcedTarget& operator=(const ForcedTarget&) = delete;

 private:
  kernels::Target before_;
};

}  // namespace actfn::testing
