// Sine and cosine of any finite number.
#if defined(ACTFN_MATH_CIRCLE_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_CIRCLE_H_
#undef ACTFN_MATH_CIRCLE_H_
#else
#define ACTFN_MATH_CIRCLE_H_
#endif

#include "math/coefficients.h"
#include "math/pair.h"
#include "math/turns.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// x = n pi/2 + r, |r| <= pi/4 or hardly more; n modulo 4 is what counts.
template <std::size_t K>
struct Turned {
  Lanes<double, K> n;
  Pair<K> r;
};

// By three pieces of pi/2, the first two of 33 bits: for |x| < 2^19 their products with n are
// exact.
template <std::size_t K>
ACTFN_LONG_PIECE Turned<K> TurnNear(const Pair<K>& x) {
  using V = Lanes<double, K>;
  const V magic = 0x1.8p52;
  const V n = Fma(x.hi, 0x1.45f306dc9c883p-1, magic) - magic;
  const Pair<K> first =
      Pair<K>::Sum(NegFma(n, coefficients::kHalfPi[0], x.hi), -(n * coefficients::kHalfPi[1]));
  const Pair<K> third = Pair<K>::Product(n, coefficients::kHalfPi[2]);
  const V fourth = Fma(n, -coefficients::kHalfPi[3], x.lo);
  return {n, first - third + Pair<K>(fourth)};
}

constexpr double kFarTurn = 0x1p19;

// One lane after the other, in integers: nobody asks for so large arguments often.
template <std::size_t K>
HWY_NOINLINE Turned<K> TurnFar(const Pair<K>& x, const Turned<K>& near) {
  const Tag<double> d;
  constexpr std::size_t kLanes = hn::MaxLanes(d);
  Turned<K> turned;
  for (std::size_t k = 0; k < K; ++k) {
    HWY_ALIGN double hi[kLanes], lo[kLanes], n[kLanes], r[kLanes], r_lo[kLanes];
    hn::Store(x.hi.v[k], d, hi);
    hn::Store(x.lo.v[k], d, lo);
    hn::Store(near.n.v[k], d, n);
    hn::Store(near.r.hi.v[k], d, r);
    hn::Store(near.r.lo.v[k], d, r_lo);
    for (std::size_t i = 0; i < kLanes; ++i) {
      if (!(std::abs(hi[i]) >= kFarTurn)) continue;
      const math::Turn turn = math::turn(hi[i], lo[i]);
      n[i] = turn.quarter;
      r[i] = turn.rest;
      r_lo[i] = turn.rest_lo;
    }
    turned.n.v[k] = hn::Load(d, n);
    turned.r.hi.v[k] = hn::Load(d, r);
    turned.r.lo.v[k] = hn::Load(d, r_lo);
  }
  return turned;
}

// The argument's exact value is x.hi + x.lo.
template <std::size_t K>
ACTFN_PIECE Turned<K> Turn(const Pair<K>& x) {
  const Turned<K> near = TurnNear(x);
  if (HWY_LIKELY(!AnyOf(Abs(x.hi) >= kFarTurn))) return near;
  return TurnFar(x, near);
}

template <class N>
struct SinCos {
  N sin, cos;
};

template <std::size_t K>
ACTFN_PIECE SinCos<Lanes<double, K>> OfRest(const Lanes<double, K>& /*like*/, const Pair<K>& rest) {
  const Lanes<double, K> r = rest.hi;
  const Lanes<double, K> v = r * r;
  return {Fma(r * v, Polynomial(v, coefficients::kSinQuick), r),
          Fma(v, Polynomial(v, coefficients::kCosQuick), 1)};
}
template <std::size_t K>
ACTFN_LONG_PIECE SinCos<Pair<K>> OfRest(const Pair<K>& /*like*/, const Pair<K>& r) {
  using N = Pair<K>;
  const N v = r * r;
  const N sin_bend = v * r * N(Polynomial(v.hi, coefficients::kSinPrecise));
  const N cos_bend = v * v * N(Polynomial(v.hi, coefficients::kCosPrecise));
  return {r + sin_bend, 1 - 0.5 * v + cos_bend};
}

// Sine and cosine of x.hi + x.lo in N.
template <class N, std::size_t K>
ACTFN_PIECE SinCos<N> SinCosOf(const Pair<K>& x) {
  using V = Lanes<double, K>;
  const Turned<K> turned = Turn(x);
  const SinCos<N> rest = OfRest(N(), turned.r);
  // n modulo 4 as -2, -1, 0, 1 or 2.
  const V magic = 0x1.8p52;
  const V q = NegFma((turned.n * 0.25 + magic) - magic, 4, turned.n);
  const auto swapped = Abs(q) == 1;
  const N sin = Select(swapped, rest.cos, rest.sin);
  const N cos = Select(swapped, rest.sin, rest.cos);
  const auto back = Abs(q) == 2;
  return {Select(Or(back, q == -1), -sin, sin), Select(Or(back, q == 1), -cos, cos)};
}

// pi/4
template <std::size_t K>
HWY_INLINE Pair<K> EighthTurn() {
  return {coefficients::kQuarterTurn[0] * 0.5, coefficients::kQuarterTurn[1] * 0.5};
}

// Which whole numbers are even.
template <std::size_t K>
HWY_INLINE Mask<double, K> IsEven(const Lanes<double, K>& n) {
  const Lanes<double, K> magic = 0x1.8p52;
  return (0.5 * n + magic) - magic == 0.5 * n;
}

// 1 + sin 2x, or 1 - sin 2x, as 2 sin(x + pi/4)^2 or 2 sin(x - pi/4)^2: its relative error stays
// small about its roots.
template <class N, std::size_t K>
ACTFN_PIECE N OnePlusSinOfTwice(const Pair<K>& x, bool minus) {
  const Turned<K> turned = Turn(x);
  const Pair<K> eighth = EighthTurn<K>();
  const auto right = turned.r.hi > 0;
  const SinCos<N> c = OfRest(N(), Select(right, turned.r - eighth, turned.r + eighth));
  // The quarter turns: n, and one more or less where that is on the other side.
  const auto own = minus ? right : turned.r.hi <= 0;
  const auto even = IsEven(turned.n);
  const N root = Select(own, Select(even, c.sin, c.cos), Select(even, c.cos, c.sin));
  return 2 * (root * root);
}

// cos 2x, with u = pi/4 - |r| as 2 sin u cos u: its relative error stays small about its roots.
template <class N, std::size_t K>
ACTFN_PIECE N CosOfTwice(const Pair<K>& x) {
  const Turned<K> turned = Turn(x);
  const SinCos<N> c = OfRest(N(), EighthTurn<K>() - Abs(turned.r));
  const N y = 2 * c.sin * c.cos;
  return Select(IsEven(turned.n), y, -y);
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
