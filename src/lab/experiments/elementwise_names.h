// SPDX-License-Identifier: Apache-2.0
// All activations that have no parameter without a default.
#pragma once

#include <actfn/catalogue.h>

#include <algorithm>
#include <string>
#include <vector>

namespace actfn::lab::experiments {

inline std::vector<std::string> elementwise_names() {
  std::vector<std::string> names;
  for (const FunctionInfo& f : catalogue(actfn::Kind::elementwise)) {
    const bool usable =
        std::ranges::none_of(f.parameters, [](const ParameterInfo& p) { return p.required; });
    if (usable) names.emplace_back(f.name);
  }
  return names;
}

}  // namespace actfn::lab::experiments
