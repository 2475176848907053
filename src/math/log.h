// SPDX-License-Identifier: Apache-2.0
// Natural logarithms. lanes.h explains the form of the comments.
#if defined(ACTFN_MATH_LOG_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_LOG_H_
#undef ACTFN_MATH_LOG_H_
#else
#define ACTFN_MATH_LOG_H_
#endif

#include "math/exp.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// log((1 + s) / (1 - s)). Error about 2^-51. Range: |s| <= 0.1716, where the logarithm's argument
// is between 1/sqrt(2) and sqrt(2). ±0: ±0. NaN: NaN.
template <std::size_t K>
ACTFN_PIECE Lanes<double, K> LogOfHalves(const Lanes<double, K>& s) {
  const Lanes<double, K> square = s * s;
  return Fma(s * square, Polynomial(square, coefficients::kLogHalves), s + s);
}

// x = m 2^n, exactly, with 1/sqrt(2) <= m < sqrt(2). Range: positive and finite x, subnormal ones
// too. For other x: unspecified.
template <std::size_t K>
struct MantissaAndExponent {
  Lanes<double, K> m, n;
};

template <std::size_t K>
ACTFN_PIECE MantissaAndExponent<K> SplitNumber(const Lanes<double, K>& x) {
  const Tag<std::uint64_t> du;
  const auto least = hn::Set(du, 0x3FE6A09E667F3BCC);  // the bits of 1/sqrt(2)
  const auto subnormal = x < 0x1p-1022;
  const Lanes<double, K> normal = Select(subnormal, x * 0x1p54, x);
  MantissaAndExponent<K> r;
  for (std::size_t k = 0; k < K; ++k) {
    const auto shifted =
        hn::Add(hn::BitCast(du, normal.v[k]), hn::Sub(hn::Set(du, 0x3FF0000000000000), least));
    const auto mantissa = hn::Add(hn::And(shifted, hn::Set(du, 0xFFFFFFFFFFFFF)), least);
    r.m.v[k] = hn::BitCast(Tag<double>(), mantissa);
    // The exponent as a double: 0x433… are the bits of 2^52, whose low bits count ones.
    const auto whole = hn::Or(hn::ShiftRight<52>(shifted), hn::Set(du, 0x4330000000000000));
    r.n.v[k] = hn::BitCast(Tag<double>(), whole);
  }
  r.n = r.n - Select(subnormal, 0x1p52 + 1023 + 54, Lanes<double, K>(0x1p52 + 1023));
  return r;
}

// log(x). Measured error 2^-51.4. Range: positive and finite x. For other x: unspecified.
template <std::size_t K>
ACTFN_PIECE Lanes<double, K> LogOf(const Lanes<double, K>& x) {
  const MantissaAndExponent<K> parts = SplitNumber(x);
  const Lanes<double, K> log = LogOfHalves((parts.m - 1) / (parts.m + 1));
  return Fma(parts.n, coefficients::kLn2[0], Fma(parts.n, coefficients::kLn2[1], log));
}

// log(x). Measured error 2^-56.4, for x within sqrt(2) of 1 too. Range: positive and normal x. For
// other x: unspecified.
template <std::size_t K>
ACTFN_LONG_PIECE Pair<K> LogOf(const Pair<K>& x) {
  using N = Pair<K>;
  const MantissaAndExponent<K> parts = SplitNumber(x.hi);
  const N m = {parts.m, x.lo * PowerOfTwo(-parts.n)};
  const Lanes<double, K> y = LogOfHalves((m.hi - 1) / (m.hi + 1));
  const N rest = m * Unscaled(ExpOf(N(-y))) - N(1);  // one step of Newton's method
  const N high = N::Sum(parts.n * coefficients::kLn2[0], parts.n * coefficients::kLn2[1]);
  const N log = N::Sum(y, Fma(parts.n, coefficients::kLn2[2], rest.hi));
  return high + log;
}

// log(1 + x). Measured error 2^-51.2 | 2^-56.7, also near 0. Range: -0.29 <= x, and finite | x <=
// 1e300. ±0: ±0 | 0. For other x: unspecified.
template <std::size_t K>
ACTFN_PIECE Lanes<double, K> Log1pOf(const Lanes<double, K>& x) {
  return Select(x < 0.4, LogOfHalves(x / (2 + x)), LogOf(1 + x));
}
// By one step of Newton's method: (1 + x) e^-y - 1 is added to y.
template <std::size_t K>
ACTFN_PIECE Pair<K> Log1pOf(const Pair<K>& x) {
  const Lanes<double, K> y = Log1pOf(x.hi);
  const Pair<K> rest = Expm1Down(Pair<K>(-y));
  const Pair<K> near = x + rest + x * rest;
  const Pair<K> far = (1 + x) * Unscaled(ExpDown(Pair<K>(-y))) - Pair<K>(1);
  return Pair<K>::FastSum(y, Select(x.hi < 0.4, near.hi, far.hi));
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
