// SPDX-License-Identifier: Apache-2.0
// The inverse tangent in float32 arithmetic. lanes.h explains the form of the comments; errors are
// single numbers here.
#if defined(ACTFN_MATH_SINGLE_ARCTAN_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_SINGLE_ARCTAN_H_
#undef ACTFN_MATH_SINGLE_ARCTAN_H_
#else
#define ACTFN_MATH_SINGLE_ARCTAN_H_
#endif

#include "math/single.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// atan(a) for 0 <= a < kSingleMost, rounded. Measured error 2^-23.3, also near 0. ±0: 0.
template <std::size_t K>
ACTFN_PIECE Lanes<float, K> AtanOfSingle(const Lanes<float, K>& a) {
  using V = Lanes<float, K>;
  const auto& nodes = coefficients::kAtanNodes;
  const V place = Clamp(a, 0.1, 16);
  const V index = OctaveHalf(place);
  const V c = SixteenthEntry(nodes[0], index);
  const auto far = a >= 16;
  const V r = Select(far, -1, a - c) / Select(far, a, Fma(a, c, 1));
  const V v = r * r;
  const V tail = r * v * Polynomial(v, coefficients::kAtanSingle);
  return SixteenthEntry(nodes[1], index) + (r + (tail + SixteenthEntry(nodes[2], index)));
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
