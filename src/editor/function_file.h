// SPDX-License-Identifier: Apache-2.0
// Lets editors and compilers parse the file of a function by itself, as clangd does. Each file of
// src/activations, src/rows, src/gated, src/random, src/learned and src/grouped includes this
// header. The library includes those files inside actfn::HWY_NAMESPACE, after the definitions they
// need; there this header is empty.
#if defined(ACTFN_KERNELS_FUNCTION_FILE_H_) == defined(HWY_TARGET_TOGGLE)  // not included yet

// Highway's portable code, unless the compiler's flags say otherwise: GCC needs flags for more.
#if !defined(HWY_COMPILE_ONLY_STATIC) && !defined(HWY_COMPILE_ONLY_EMU128)
#define HWY_COMPILE_ONLY_EMU128
#endif
#ifndef HWY_BROKEN_EMU128
#define HWY_BROKEN_EMU128 0
#endif
#include <hwy/highway.h>

// A file specializes templates of these namespaces from outside, which C++ allows for inline ones.
#if defined(__clang__)
#pragma clang diagnostic ignored "-Winline-namespace-reopened-noninline"
#endif
inline namespace actfn {
inline namespace HWY_NAMESPACE {
inline namespace {}
}  // namespace HWY_NAMESPACE
}  // namespace actfn

// IWYU pragma: begin_exports
#include "gated/kernels/gate_file.h"
#include "grouped/kernels/grouped_file.h"
#include "kernels/formulas.h"
#include "kernels/transform.h"
#include "learned/kernels/learned_file.h"
#include "random/kernels/formulas.h"
#include "rows/kernels/row_math.h"
// IWYU pragma: end_exports

#endif
