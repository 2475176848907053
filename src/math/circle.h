// SPDX-License-Identifier: Apache-2.0
// Sine and cosine of any finite number. lanes.h explains the form of the comments.
#if defined(ACTFN_MATH_CIRCLE_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_CIRCLE_H_
#undef ACTFN_MATH_CIRCLE_H_
#else
#define ACTFN_MATH_CIRCLE_H_
#endif

#include "math/half_pi_reduction.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

template <class N>
struct SinCos {
  N sin, cos;
};

template <std::size_t K>
ACTFN_PIECE SinCos<Lanes<double, K>> SinCosOfReduced(const Lanes<double, K>& /*like*/,
                                                     const Lanes<double, K>& r) {
  const Lanes<double, K> v = r * r;
  return {Fma(r * v, Polynomial(v, coefficients::kSinQuick), r),
          Fma(v, Polynomial(v, coefficients::kCosQuick), 1)};
}
template <std::size_t K>
ACTFN_LONG_PIECE SinCos<Pair<K>> SinCosOfReduced(const Pair<K>& /*like*/, const Pair<K>& r) {
  using N = Pair<K>;
  const N v = r * r;
  const N sin_tail = v * r * N(Polynomial(v.hi, coefficients::kSinPrecise));  // sin r - r
  const N cos_tail = v * v * N(Polynomial(v.hi, coefficients::kCosPrecise));
  return {r + sin_tail, 1 - 0.5 * v + cos_tail};
}

// sin x and cos x in N. Measured error 2^-35.6 | 2^-55.1, also near the roots
// of both. Range: any finite x. ±0: 0 and 1. ±inf and NaN: NaN.
template <class N, class AngleOfN>
ACTFN_PIECE SinCos<N> SinCosOf(const AngleOfN& x) {
  const auto reduced = ReduceByHalfPi(x);
  using V = LaneOf<decltype(reduced.r)>;
  const SinCos<N> rest = SinCosOfReduced(N(), reduced.r);
  // n modulo 4 as -2, -1, 0, 1 or 2.
  const V magic = 0x1.8p52;
  const V q = NegFma((reduced.n * 0.25 + magic) - magic, 4, reduced.n);
  const auto swapped = Abs(q) == 1;
  const N sin = Select(swapped, rest.cos, rest.sin);
  const N cos = Select(swapped, rest.sin, rest.cos);
  const auto back = Abs(q) == 2;
  return {Select(Or(back, q == -1), -sin, sin), Select(Or(back, q == 1), -cos, cos)};
}

// pi/4. Error 2^-53 | 2^-107.
template <class R>
HWY_INLINE R QuarterPi() {
  return Constant<R>(coefficients::kQuarterTurn[0] * 0.5, coefficients::kQuarterTurn[1] * 0.5);
}

// For each lane, whether the whole number n is even.
template <std::size_t K>
HWY_INLINE Mask<double, K> IsEven(const Lanes<double, K>& n) {
  const Lanes<double, K> magic = 0x1.8p52;
  return (0.5 * n + magic) - magic == 0.5 * n;
}

// 1 + sin 2x, or 1 - sin 2x if `minus`, as 2 sin(x + pi/4)^2 or 2 sin(x - pi/4)^2. Measured error
// 2^-34.6 | 2^-54.1, also near the roots. Range: any finite x. ±0: 1. ±inf and NaN: NaN.
template <class N, class AngleOfN>
ACTFN_PIECE N OnePlusSinOfTwice(const AngleOfN& x, bool minus) {
  const auto reduced = ReduceByHalfPi(x);
  const auto eighth = QuarterPi<decltype(reduced.r)>();
  const auto right = Leading(reduced.r) > 0;
  const SinCos<N> c = SinCosOfReduced(N(), Select(right, reduced.r - eighth, reduced.r + eighth));
  // The sum has n quarter turns if `own` holds, else one more or less: the parity decides between
  // sine and cosine.
  const auto own = minus ? right : Leading(reduced.r) <= 0;
  const auto even = IsEven(reduced.n);
  const N root = Select(own, Select(even, c.sin, c.cos), Select(even, c.cos, c.sin));
  return 2 * (root * root);
}

// cos 2x, as 2 sin u cos u with u = pi/4 - |r|. Measured error 2^-35.7 | 2^-55.1, also near the
// roots. Range: any finite x. ±0: 1. ±inf and NaN: NaN.
template <class N, class AngleOfN>
ACTFN_PIECE N CosOfTwice(const AngleOfN& x) {
  const auto reduced = ReduceByHalfPi(x);
  const SinCos<N> c = SinCosOfReduced(N(), QuarterPi<decltype(reduced.r)>() - Abs(reduced.r));
  const N y = 2 * c.sin * c.cos;
  return Select(IsEven(reduced.n), y, -y);
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
