// SPDX-License-Identifier: Apache-2.0
// Definitions for the files of src/rows. Each file specializes RowMath for its function:
//
//   kFacts, kParameters  see catalogue/facts.h
//   kExcluded            the value that a masked entry reads; optional: -inf
//   Nanoseconds          what an element costs, roughly; optional: that of softmax
//   Tolerance            the absolute error that is allowed beyond 2 ulp; optional: 0
//   Reference            the definition as written, in a T of more precision than float64
//   Forward, Backward, DoubleBackward: see rows/kernels/table.h
#if defined(ACTFN_ROWS_KERNELS_ROW_MATH_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_ROWS_KERNELS_ROW_MATH_H_
#undef ACTFN_ROWS_KERNELS_ROW_MATH_H_
#else
#define ACTFN_ROWS_KERNELS_ROW_MATH_H_
#endif

#include "kernels/function_file.h"
#include "rows/kernels/definitions.h"
#include "rows/kernels/entmax_steep_gradients.h"
#include "rows/kernels/softmax.h"
#include "rows/kernels/sparse.h"

namespace actfn::HWY_NAMESPACE {
namespace {

// The absolute error of sparsemax and entmax that comes from rounding their threshold.
constexpr double kThresholdError = 0x1p-48;

template <class F>
struct RowMath;

}  // namespace
}  // namespace actfn::HWY_NAMESPACE

#endif
