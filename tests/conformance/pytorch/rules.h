// SPDX-License-Identifier: Apache-2.0
// Why a result may differ from PyTorch's, and how it is known that ours is right then.
#pragma once

#include <span>

#include "conformance/pytorch/compare.h"

namespace actfn::conformance {

struct Rule {
  const char* name;
  const char* reason;
  bool (*holds)(const Difference&);
};

std::span<const Rule> rules();

// The first rule that holds; none: nullptr.
const Rule* rule_for(const Difference& d);

}  // namespace actfn::conformance
