// SPDX-License-Identifier: Apache-2.0
// The types that this build has kernels for: ACTFN_TYPES (cmake/ActfnChoice.cmake).
#pragma once

#include <actfn/types.h>

// A bit for each Type.
#ifndef ACTFN_BUILT_TYPES
#define ACTFN_BUILT_TYPES 15
#endif

namespace actfn::kernels {

constexpr bool has_type([[maybe_unused]] Type type) {
  return ACTFN_BUILT_TYPES == 15 || ((ACTFN_BUILT_TYPES) >> static_cast<int>(type) & 1) != 0;
}
template <class T>
inline constexpr bool kHasType = has_type(kTypeOf<T>);

}  // namespace actfn::kernels
