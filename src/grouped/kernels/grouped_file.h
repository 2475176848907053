// What a file of src/grouped may use; its formulas also use kernels/for_lanes.h.
#if defined(ACTFN_GROUPED_KERNELS_GROUPED_FILE_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_GROUPED_KERNELS_GROUPED_FILE_H_
#undef ACTFN_GROUPED_KERNELS_GROUPED_FILE_H_
#else
#define ACTFN_GROUPED_KERNELS_GROUPED_FILE_H_
#endif

#include "kernels/function_file.h"

namespace actfn::HWY_NAMESPACE {
namespace {
// Specialized by each file of src/grouped: facts, parameters, lengths, and formulas in lanes N.
template <class F>
struct GroupedMath;
}  // namespace
}  // namespace actfn::HWY_NAMESPACE

#endif
