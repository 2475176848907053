// SPDX-License-Identifier: Apache-2.0
// Sine and cosine of any finite number. lanes.h explains the form of the comments.
#if defined(ACTFN_MATH_CIRCLE_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_CIRCLE_H_
#undef ACTFN_MATH_CIRCLE_H_
#else
#define ACTFN_MATH_CIRCLE_H_
#endif

#include "math/coefficients.h"
#include "math/half_pi_remainder.h"
#include "math/pair.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// The angle x 2^lift, lift being 0 or kAngleLift.
template <std::size_t K>
struct Angle {
  Pair<K> x;
  Lanes<double, K> lift;

  HWY_INLINE Angle(const Pair<K>& a) : x(a), lift(0.0) {}  // NOLINT: numbers convert
  HWY_INLINE Angle(const Pair<K>& a, const Lanes<double, K>& n) : x(a), lift(n) {}
};
constexpr double kAngleLift = 200;

// factor x, exactly | error 2^-103, also beyond the range of doubles. Range: |factor| < 2^128.
// ±inf: ±inf or NaN.
template <std::size_t K>
HWY_INLINE Angle<K> AngleOf(const Lanes<double, K>& x, double factor) {
  return Pair<K>::Product(x, factor);
}
template <std::size_t K>
HWY_INLINE Angle<K> AngleOf(const Pair<K>& x, double factor) {
  const auto far = Abs(x.hi) > 0x1p850;
  const Lanes<double, K> unit = Select(far, 0x1p-200, Lanes<double, K>(1));
  return {Pair<K>(x.hi * unit, x.lo * unit) * factor,
          SelectOrZero(far, Lanes<double, K>(kAngleLift))};
}

// x = n pi/2 + r, with |r| <= pi/4 and little more. Only n modulo 4 is used.
template <std::size_t K>
struct HalfPiReduction {
  Lanes<double, K> n;
  Pair<K> r;
};

// For |x| < 2^19, with pi/2 as the sum of four doubles: the first two have 33 bits, so their
// products with n are exact.
template <std::size_t K>
ACTFN_LONG_PIECE HalfPiReduction<K> ReduceNearByHalfPi(const Pair<K>& x) {
  using V = Lanes<double, K>;
  const V magic = 0x1.8p52;
  const V n = Fma(x.hi, 0x1.45f306dc9c883p-1, magic) - magic;
  const Pair<K> first =
      Pair<K>::Sum(NegFma(n, coefficients::kHalfPi[0], x.hi), -(n * coefficients::kHalfPi[1]));
  const Pair<K> third = Pair<K>::Product(n, coefficients::kHalfPi[2]);
  const V fourth = Fma(n, -coefficients::kHalfPi[3], x.lo);
  return {n, first - third + Pair<K>(fourth)};
}

// From here on n times the first parts of pi/2 is not exact.
constexpr double kFarReduction = 0x1p19;

// For all finite x, one lane after the other in integers: so large arguments are rare.
template <std::size_t K>
HWY_NOINLINE HalfPiReduction<K> ReduceFarByHalfPi(const Angle<K>& angle,
                                                  const HalfPiReduction<K>& near) {
  const Tag<double> d;
  constexpr std::size_t kLanes = hn::MaxLanes(d);
  HalfPiReduction<K> reduced;
  for (std::size_t k = 0; k < K; ++k) {
    HWY_ALIGN double hi[kLanes], lo[kLanes], lift[kLanes], n[kLanes], r[kLanes], r_lo[kLanes];
    hn::Store(angle.x.hi.v[k], d, hi);
    hn::Store(angle.x.lo.v[k], d, lo);
    hn::Store(angle.lift.v[k], d, lift);
    hn::Store(near.n.v[k], d, n);
    hn::Store(near.r.hi.v[k], d, r);
    hn::Store(near.r.lo.v[k], d, r_lo);
    for (std::size_t i = 0; i < kLanes; ++i) {
      if (!(std::abs(hi[i]) >= kFarReduction)) continue;
      const math::HalfPiRemainder exact =
          math::remainder_by_half_pi(hi[i], lo[i], static_cast<int>(lift[i]));
      n[i] = exact.quarter;
      r[i] = exact.rest;
      r_lo[i] = exact.rest_lo;
    }
    reduced.n.v[k] = hn::Load(d, n);
    reduced.r.hi.v[k] = hn::Load(d, r);
    reduced.r.lo.v[k] = hn::Load(d, r_lo);
  }
  return reduced;
}

// For any finite angle. ±inf and NaN: r is NaN.
template <std::size_t K>
ACTFN_PIECE HalfPiReduction<K> ReduceByHalfPi(const Angle<K>& angle) {
  const HalfPiReduction<K> near = ReduceNearByHalfPi(angle.x);
  if (HWY_LIKELY(!AnyOf(Abs(angle.x.hi) >= kFarReduction))) return near;
  return ReduceFarByHalfPi(angle, near);
}

template <class N>
struct SinCos {
  N sin, cos;
};

template <std::size_t K>
ACTFN_PIECE SinCos<Lanes<double, K>> SinCosOfReduced(const Lanes<double, K>& /*like*/,
                                                     const Pair<K>& rest) {
  const Lanes<double, K> r = rest.hi;
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
template <class N, std::size_t K>
ACTFN_PIECE SinCos<N> SinCosOf(const Angle<K>& x) {
  using V = Lanes<double, K>;
  const HalfPiReduction<K> reduced = ReduceByHalfPi(x);
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

// pi/4. Error 2^-107.
template <std::size_t K>
HWY_INLINE Pair<K> QuarterPi() {
  return {coefficients::kQuarterTurn[0] * 0.5, coefficients::kQuarterTurn[1] * 0.5};
}

// For each lane, whether the whole number n is even.
template <std::size_t K>
HWY_INLINE Mask<double, K> IsEven(const Lanes<double, K>& n) {
  const Lanes<double, K> magic = 0x1.8p52;
  return (0.5 * n + magic) - magic == 0.5 * n;
}

// 1 + sin 2x, or 1 - sin 2x if `minus`, as 2 sin(x + pi/4)^2 or 2 sin(x - pi/4)^2. Measured error
// 2^-34.6 | 2^-54.1, also near the roots. Range: any finite x. ±0: 1. ±inf and NaN: NaN.
template <class N, std::size_t K>
ACTFN_PIECE N OnePlusSinOfTwice(const Angle<K>& x, bool minus) {
  const HalfPiReduction<K> reduced = ReduceByHalfPi(x);
  const Pair<K> eighth = QuarterPi<K>();
  const auto right = reduced.r.hi > 0;
  const SinCos<N> c = SinCosOfReduced(N(), Select(right, reduced.r - eighth, reduced.r + eighth));
  // The sum has n quarter turns if `own` holds, else one more or less: the parity decides between
  // sine and cosine.
  const auto own = minus ? right : reduced.r.hi <= 0;
  const auto even = IsEven(reduced.n);
  const N root = Select(own, Select(even, c.sin, c.cos), Select(even, c.cos, c.sin));
  return 2 * (root * root);
}

// cos 2x, as 2 sin u cos u with u = pi/4 - |r|. Measured error 2^-35.7 | 2^-55.1, also near the
// roots. Range: any finite x. ±0: 1. ±inf and NaN: NaN.
template <class N, std::size_t K>
ACTFN_PIECE N CosOfTwice(const Angle<K>& x) {
  const HalfPiReduction<K> reduced = ReduceByHalfPi(x);
  const SinCos<N> c = SinCosOfReduced(N(), QuarterPi<K>() - Abs(reduced.r));
  const N y = 2 * c.sin * c.cos;
  return Select(IsEven(reduced.n), y, -y);
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
