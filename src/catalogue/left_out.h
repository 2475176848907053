// SPDX-License-Identifier: Apache-2.0
// Functions that ACTFN_FUNCTIONS leaves out (cmake/ActfnChoice.cmake). They have descriptors
// without facts: api/left_out.cc.
#pragma once

#include "catalogue/descriptor.h"
#include "catalogue/error.h"

namespace actfn::functions {

#ifdef ACTFN_LEAVES_FUNCTIONS_OUT
inline constexpr bool kLeavesFunctionsOut = true;
#else
inline constexpr bool kLeavesFunctionsOut = false;
#endif

inline bool is_left_out(const Descriptor& function) {
  return kLeavesFunctionsOut && function.info.title.empty();
}

[[noreturn]] inline void fail_left_out(std::string_view who, std::string_view name) {
  fail(who, {"this build has no ", name, ": ACTFN_FUNCTIONS leaves it out"});
}

inline void demand_built(const Descriptor& function) {
  if (is_left_out(function)) fail_left_out(function.info.name, function.info.name);
}

}  // namespace actfn::functions
