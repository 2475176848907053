// SPDX-License-Identifier: Apache-2.0
// Sizes at which calls use several threads.
#pragma once

#include <cstddef>

namespace actfn::testing {

// Every thread that a call may use gets work, if it has this many elements for each.
inline constexpr std::size_t kElementsPerThread = std::size_t{1} << 18;
// The same for functions whose speed is limited by memory.
inline constexpr std::size_t kLightElementsPerThread = std::size_t{1} << 21;

}  // namespace actfn::testing
