// SPDX-License-Identifier: Apache-2.0
// The error function in float32 arithmetic. lanes.h explains the form of the comments; there is one
// error here.
#if defined(ACTFN_MATH_SINGLE_ERF_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_SINGLE_ERF_H_
#undef ACTFN_MATH_SINGLE_ERF_H_
#else
#define ACTFN_MATH_SINGLE_ERF_H_
#endif

#include "math/erf.h"
#include "math/single.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

constexpr double kErfEnd = 3.44;  // behind kErfStart: erf is 1 beyond

// erf(a) for 0 <= a <= kErfStart as hi + lo, as a P(a^2): only the first coefficient needs both
// parts.
template <std::size_t K>
HWY_INLINE SinglePair<K> ErfNear(const SinglePair<K>& a) {
  using V = Lanes<float, K>;
  constexpr auto& c = coefficients::kErfQuick;
  const V v = a.hi * a.hi;
  const V p = PolynomialFrom<1>(v, c);
  const SinglePair<K> line = Times(a, InSingles<K>(c[0], 0));
  return {line.hi, Fma(a.hi * v, p, line.lo)};
}

// The same from there on, as 1 - e^-q.
template <std::size_t K>
HWY_INLINE SinglePair<K> ErfFar(const SinglePair<K>& a) {
  using V = Lanes<float, K>;
  constexpr auto& start = coefficients::kErfStart;
  constexpr auto& c = coefficients::kErfSingle;
  const V d = Min((a.hi - start[0]) + a.lo, kErfEnd);
  const SinglePair<K> line = Plus(Times(d, c[0]), SinglePair<K>{V(start[1]), V(start[2])});
  const V bend = d * d * PolynomialFrom<1>(d, c);
  const SinglePair<K> q = Plus(line, bend);
  const SinglePair<K> rest = ExpOfSingle(SinglePair<K>{-q.hi, -q.lo});
  const V hi = 1 - rest.hi;
  return {hi, ((1 - hi) - rest.hi) - rest.lo};
}

// erf(a) for a >= 0 as hi + lo. Estimated error 2^-26, also near 0. ±0: 0. inf: 1.
template <std::size_t K>
ACTFN_PIECE SinglePair<K> ErfOfSingle(const SinglePair<K>& a) {
  return Select(a.hi < coefficients::kErfStart[0], ErfNear(a), ErfFar(a));
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
