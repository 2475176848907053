// SPDX-License-Identifier: Apache-2.0
// The instruction sets that run here, as kernels are asked for them.
#pragma once

#include <actfn/target.h>

#include <algorithm>
#include <vector>

#include "kernels/entry.h"

namespace actfn::testing {

inline std::vector<kernels::Target> running_targets() {
  std::vector<kernels::Target> all;
  for (const auto name : targets()) {
    const auto* const at =
        std::find(std::begin(kernels::kTargetNames), std::end(kernels::kTargetNames), name);
    all.push_back(static_cast<kernels::Target>(at - std::begin(kernels::kTargetNames)));
  }
  return all;
}

inline std::string_view name_of(kernels::Target target) {
  return kernels::kTargetNames[static_cast<std::size_t>(target)];
}

}  // namespace actfn::testing
