// SPDX-License-Identifier: Apache-2.0
// Pieces for results of at most 4 ulp (Accuracy::fast), in float32 lanes. Range: that of single.h;
// the loops compute other elements as those of accurate, so tails and subnormal results are as
// right. lanes.h explains the form of the comments; there is one error here.
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

// e^x. Error and range: as in single.h. ±0: 1.
template <std::size_t K>
HWY_INLINE Fast<K> ExpOf(const Fast<K>& x) {
  return Fast<K>(ExpOf(x.v));
}

// 1 / (1 + e^-z) and x / (1 + e^-z). Error 2^-22.3: at most 3.2 ulp. Range: z > -kSingleReach. z =
// ±0: 1/2; x = ±0: ±0.
template <std::size_t K>
ACTFN_PIECE Fast<K> LogisticDenominator(const Fast<K>& z) {
  return 1 + ExpOf(-Min(z, kSingleReach));
}
template <std::size_t K>
HWY_INLINE Fast<K> Logistic(const Fast<K>& z) {
  return 1 / LogisticDenominator(z);
}
template <std::size_t K>
HWY_INLINE Fast<K> TimesLogistic(const Fast<K>& x, const Fast<K>& z) {
  return x / LogisticDenominator(z);
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
