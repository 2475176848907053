// SPDX-License-Identifier: Apache-2.0
// Definitions for the files of src/learned. Their formulas also use kernels/transform.h.
#if defined(ACTFN_LEARNED_KERNELS_LEARNED_FILE_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_LEARNED_KERNELS_LEARNED_FILE_H_
#undef ACTFN_LEARNED_KERNELS_LEARNED_FILE_H_
#else
#define ACTFN_LEARNED_KERNELS_LEARNED_FILE_H_
#endif

#include "kernels/function_file.h"

namespace actfn::HWY_NAMESPACE {
namespace {
// Each file of src/learned specializes it: facts, parameters, and formulas in vectors N.
template <class F>
struct LearnedMath;
}  // namespace
}  // namespace actfn::HWY_NAMESPACE

#endif
