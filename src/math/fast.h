// SPDX-License-Identifier: Apache-2.0
// Pieces for results of at most 4 ulp (Accuracy::fast), in float32 lanes. Range: that of single.h;
// the loops compute other elements in doubles, so tails and subnormal results are as right as those
// of accurate. lanes.h explains the form of the comments; there is one error here.
#if defined(ACTFN_MATH_FAST_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_FAST_H_
#undef ACTFN_MATH_FAST_H_
#else
#define ACTFN_MATH_FAST_H_
#endif

#include "math/marked.h"
#include "math/single.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

template <std::size_t K>
using Fast = Marked<float, K, Mark::fast>;

// e^x. Error 2^-22.9: that of a table of 24 bits and of the last rounding. ±0: 1.
template <std::size_t K>
ACTFN_PIECE Fast<K> ExpOf(const Fast<K>& x) {
  using V = Lanes<float, K>;
  const SingleSteps<K> e = StepsOf(x.v);
  const V r = e.r - e.k_lo;
  const V tail = Fma(r * r, Polynomial(r, coefficients::kExpm1Single), r);
  return Fast<K>(Fma(e.unit, tail, e.unit));
}

// 1 / (1 + e^-z) and x / (1 + e^-z). Error 2^-21.4: at most 3.1 ulp. z = ±0: 1/2; x = ±0: ±0.
template <std::size_t K>
ACTFN_PIECE Fast<K> Logistic(const Fast<K>& z) {
  return 1 / (1 + ExpOf(-z));
}
template <std::size_t K>
ACTFN_PIECE Fast<K> TimesLogistic(const Fast<K>& x, const Fast<K>& z) {
  return x / (1 + ExpOf(-z));
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
