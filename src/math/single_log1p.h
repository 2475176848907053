// SPDX-License-Identifier: Apache-2.0
// log(1 + e^z) in float32 arithmetic. lanes.h explains the form of the comments; there is one error
// here.
#if defined(ACTFN_MATH_SINGLE_LOG1P_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_SINGLE_LOG1P_H_
#undef ACTFN_MATH_SINGLE_LOG1P_H_
#else
#define ACTFN_MATH_SINGLE_LOG1P_H_
#endif

#include "math/log1p.h"
#include "math/single.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// hi + (step + rest), rest being much smaller than step.
template <std::size_t K>
struct SingleSum {
  Lanes<float, K> hi, step, rest;

  HWY_INLINE Lanes<float, K> Rounded() const { return hi + (step + rest); }
  HWY_INLINE SinglePair<K> AsPair() const {
    const SinglePair<K> sum = TwoSum(hi, step);
    return {sum.hi, sum.lo + rest};
  }
};

// log(1 + u) for 0 <= u.hi <= 1. Estimated error 2^-27, also near 0.
template <std::size_t K>
ACTFN_PIECE SingleSum<K> Log1pOfSingle(const SinglePair<K>& u) {
  using V = Lanes<float, K>;
  const auto& nodes = coefficients::kLog1pNodes;
  const V index = Fma(u.hi, 7, 0x1.8p23);
  // -log(c) + log(1 + s) with 1 + s = (1 + u) c: both sums are exact.
  const V c = EighthEntry(nodes[0], index);
  const V product = u.hi * c;
  const V s = (c - 1) + product;
  const V s_lo = Fma(u.lo, c, FmaSub(u.hi, c, product));
  const V rest = NegFma(s, s_lo, s_lo) + EighthEntry(nodes[2], index);
  const V tail = Fma(s * s, Polynomial(s, coefficients::kLog1pSingle), rest);
  return {EighthEntry(nodes[1], index), s, tail};
}

// log(1 + e^z). Measured error 2^-26. Range: -kCleanReach < z < kSingleMost. About 0 it is
// log 2 + z/2 + log(cosh(z/2)): there sums of z and a logarithm would not rise with z.
template <std::size_t K>
ACTFN_PIECE SingleSum<K> Log1pOfExp(const SinglePair<K>& z) {
  using V = Lanes<float, K>;
  const auto negative = z.hi < 0;
  const SinglePair<K> decay = {Max(Select(negative, z.hi, -z.hi), -kCleanReach),
                               Select(negative, z.lo, -z.lo)};
  const SingleSum<K> log = Log1pOfSingle(ExpOfSingle(decay));
  const SinglePair<K> sum = SumOfPositive(Max(z.hi, 0), log.hi);
  const V rest = log.rest + (sum.lo + SelectOrZero(z.hi > 0, z.lo));
  const SinglePair<K> log_two = InSingles<K>(coefficients::kLogTwo[0], coefficients::kLogTwo[1]);
  const V v = z.hi * z.hi;
  const V even = Fma(v, Polynomial(v, coefficients::kLogCosh), Fma(0.5, z.lo, log_two.lo));
  const auto central = v < 0x1p-4;
  return {Select(central, log_two.hi, sum.hi), Select(central, 0.5 * z.hi, log.step),
          Select(central, even, rest)};
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
