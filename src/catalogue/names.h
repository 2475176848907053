// SPDX-License-Identifier: Apache-2.0
// What the name of a function may look like, here and in other frameworks.
#pragma once

#include "catalogue/descriptor.h"

#include <optional>
#include <string_view>
#include <vector>

namespace actfn::functions {

struct Named {
  const Descriptor* function;
  const Alias* alias;  // null where the name is the function's own, in whatever spelling
};

// "leaky_relu", "LeakyReLU", "torch.nn.LeakyReLU", "gelu_new". Throws Error for a name that is not
// known (it proposes the nearest one), for one that no function here equals, and for a function
// that the build leaves out.
Named find_name(std::string_view name);
// The same; nothing for a name that is not known.
std::optional<Named> find_known_name(std::string_view name);

// "torch.nn.LeakyReLU" without "torch."; nothing where no known module comes first.
std::string_view without_module(std::string_view name);
// The names to propose: functions first, because they win where an alias is as near.
std::vector<std::string_view> readable_names();

}  // namespace actfn::functions
