// What every function's file may use to describe itself, whatever its kind.
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
