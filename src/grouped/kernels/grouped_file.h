// SPDX-License-Identifier: Apache-2.0
// Definitions for the files of src/grouped. Their formulas also use kernels/transform.h.
#if defined(ACTFN_GROUPED_KERNELS_GROUPED_FILE_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_GROUPED_KERNELS_GROUPED_FILE_H_
#undef ACTFN_GROUPED_KERNELS_GROUPED_FILE_H_
#else
#define ACTFN_GROUPED_KERNELS_GROUPED_FILE_H_
#endif

#include "kernels/function_file.h"

namespace actfn::HWY_NAMESPACE {
namespace {
// Each file of src/grouped specializes it: facts, parameters, lengths, and formulas in vectors N.
template <class F>
struct GroupedMath;
}  // namespace
}  // namespace actfn::HWY_NAMESPACE

#endif
