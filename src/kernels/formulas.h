// SPDX-License-Identifier: Apache-2.0
// Definitions for the files of src/activations.
#if defined(ACTFN_KERNELS_FORMULAS_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_KERNELS_FORMULAS_H_
#undef ACTFN_KERNELS_FORMULAS_H_
#else
#define ACTFN_KERNELS_FORMULAS_H_
#endif

#include "kernels/entry.h"
#include "kernels/function_file.h"
#include "kernels/nearest.h"
#include "math/circle.h"
#include "math/erf.h"
#include "math/exp.h"
#include "math/fast.h"
#include "math/gauss.h"
#include "math/half.h"
#include "math/inverse_root.h"
#include "math/log.h"
#include "math/log1p.h"
#include "math/logistic.h"
#include "math/precise.h"
#include "math/series.h"
#include "math/single.h"
#include "math/single_arctan.h"
#include "math/single_circle.h"
#include "math/single_erf.h"
#include "math/single_gauss.h"
#include "math/single_log1p.h"
#include "math/single_root.h"
#include "math/single_swish.h"
#include "math/single_tanh.h"

namespace actfn::HWY_NAMESPACE {
namespace {
using kernels::Order;

// Specialized by each file of src/activations: facts, parameters, and formulas in N.
template <class A>
struct Math;

// Math<A>::NearestSide(p, x) says on which side of its float64 value f(x) lies where that shows no
// difference (kernels/nearest.h). This is for functions that are x/2 + c x^2 near 0 with c > 0: x/2
// of a subnormal x may be the midpoint between two float32, and f(x) lies above it.
HWY_INLINE int SideOfHalf(double x) { return x != 0 && std::abs(x) < 0x1p-60 ? 1 : 0; }

// Says which of Math<A>::kLearnable ParameterDerivative(p, x, ParameterIndex<k>()) is about.
template <std::size_t k>
using ParameterIndex = std::integral_constant<std::size_t, k>;
}  // namespace
}  // namespace actfn::HWY_NAMESPACE

#endif
