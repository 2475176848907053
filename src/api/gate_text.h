#pragma once

#include <actfn/gated.h>

#include <string_view>

namespace actfn {

// "glu", "clamped_swiglu", …
std::string_view name_of(const Gate& gate);

}  // namespace actfn
