// SPDX-License-Identifier: Apache-2.0
// The names that files of functions of all kinds use for their facts and parameters.
#if defined(ACTFN_KERNELS_FUNCTION_FILE_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_KERNELS_FUNCTION_FILE_H_
#undef ACTFN_KERNELS_FUNCTION_FILE_H_
#else
#define ACTFN_KERNELS_FUNCTION_FILE_H_
#endif

#include "catalogue/facts.h"

#include <hwy/highway.h>

#include <tuple>

namespace actfn::HWY_NAMESPACE {
namespace {
using functions::Condition;
using functions::Facts;
using functions::Lengths;
using functions::Parameter;
}  // namespace
}  // namespace actfn::HWY_NAMESPACE

#endif
