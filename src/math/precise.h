// SPDX-License-Identifier: Apache-2.0
// Pieces for correctly rounded float32 values: in double lanes, of errors that are small beside
// kUndecided. Where a result is nearer than that to the midpoint between two float32 numbers, the
// loops compute it in Pair (kernels/accuracies.h). lanes.h explains the form of the comments; the
// errors here are those of Precise.
#if defined(ACTFN_MATH_PRECISE_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_PRECISE_H_
#undef ACTFN_MATH_PRECISE_H_
#else
#define ACTFN_MATH_PRECISE_H_
#endif

#include "math/circle.h"
#include "math/erf.h"
#include "math/log1p.h"
#include "math/marked.h"
#include "math/precise_coefficients.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

template <std::size_t K>
using Precise = Marked<double, K, Mark::precise>;

// What values of functions that take Precise may be wrong by, relative to them. A wider margin
// would cost nothing yet: one element of 2^17 is that near to a middle.
constexpr double kUndecided = 0x1p-42;

// As SplitExp in exp.h. Error of the tail: 2^-49.4, relative to it.
template <std::size_t K>
ACTFN_PIECE ExpParts<K> SplitExpPrecisely(const Lanes<double, K>& x) {
  using V = Lanes<double, K>;
  const V magic = 0x1.8p52;
  const V shifted = Fma(x, 0x1.71547652b82fep4, magic);
  const V k = shifted - magic;
  const V r =
      NegFma(k, coefficients::kLn2Sixteenth[1], NegFma(k, coefficients::kLn2Sixteenth[0], x));
  const V p = Polynomial(r, coefficients::kExpm1Tight);
  return {SixteenthPowerOfTwo(shifted), Fma(r * r, p, r)};
}

// e^x for x <= 0, and e^x. Error 2^-52. Range: as in exp.h.
template <std::size_t K>
ACTFN_PIECE Precise<K> ExpDown(const Precise<K>& x) {
  const ExpParts<K> e = SplitExpPrecisely(Max(x.v, -700));
  return Precise<K>(Fma(e.unit, e.tail, e.unit));
}
template <std::size_t K>
ACTFN_PIECE Precise<K> ExpOf(const Precise<K>& x) {
  const ExpParts<K> e = SplitExpPrecisely(Clamp(x.v, -700, 700));
  return Precise<K>(Fma(e.unit, e.tail, e.unit));
}

// e^x - 1 for x <= 1/2. Error 2^-47, also near 0. -inf: -1. ±0: 0. For larger x and NaN:
// unspecified.
template <std::size_t K>
ACTFN_PIECE Precise<K> Expm1Down(const Precise<K>& x) {
  const ExpParts<K> e = SplitExpPrecisely(Max(x.v, -700));
  return Precise<K>(Fma(e.unit, e.tail, e.unit - 1));
}

// As in logistic.h. Error 2^-51.
template <std::size_t K>
ACTFN_PIECE Precise<K> Logistic(const Precise<K>& z) {
  return 1 / (1 + ExpOf(-z));
}
template <std::size_t K>
ACTFN_PIECE Precise<K> TimesLogistic(const Precise<K>& x, const Precise<K>& z) {
  return Select(z < -600, CopySign(Precise<K>(0), x), x / (1 + ExpOf(-z)));
}

// log(1 + e^-a) for a >= 0. Error 2^-45.9. Special arguments: as in log1p.h.
template <std::size_t K>
ACTFN_PIECE Precise<K> Log1pOfDecay(const Precise<K>& a) {
  const Precise<K> u = ExpDown(-a);
  return u * Polynomial(u, coefficients::kLog1pTight);
}

// As in log.h.
template <std::size_t K>
ACTFN_PIECE Precise<K> LogOf(const Precise<K>& x) {
  return Precise<K>(LogOf(x.v));
}
template <std::size_t K>
ACTFN_PIECE Precise<K> Log1pOf(const Precise<K>& x) {
  return Precise<K>(Log1pOf(x.v));
}

// As in gauss.h, if t^2 is exact: as it is for a float32. Error 2^-46.4.
template <std::size_t K>
ACTFN_PIECE GaussTail<Precise<K>> GaussTailOf(const Precise<K>& magnitude) {
  using N = Precise<K>;
  const N t = Min(magnitude, 14.8);
  const N near = t + 1.5;
  const N far = t + 3;
  const N inverse = 1 / (near * far);
  const N q = Polynomial((t - 3) * (near * inverse), coefficients::kGaussTight);
  return {t, q * (far * inverse), ExpDown(-0.5 * (t * t))};
}

// As in erf.h. Error 2^-52.
template <std::size_t K>
ACTFN_PIECE Precise<K> ErfNear(const Precise<K>& a) {
  const Precise<K> v = a * a;
  return a * Fma(v, Polynomial(v, coefficients::kErfPrecise), TwoOverSqrtPi<Precise<K>>());
}

// As in circle.h. Error 2^-51, also near the roots of both.
template <std::size_t K>
HWY_INLINE Angle<K> AngleOf(const Precise<K>& x, double factor) {
  return Pair<K>::Product(x.v, factor);
}
template <std::size_t K>
ACTFN_PIECE SinCos<Precise<K>> SinCosOfReduced(const Precise<K>& /*like*/, const Pair<K>& rest) {
  using V = Lanes<double, K>;
  const V r = rest.hi;
  const V v = r * r;
  const V sin = r + Fma(r * v, Polynomial(v, coefficients::kSinPrecise), rest.lo);
  const V cos = 1 + Fma(v * v, Polynomial(v, coefficients::kCosPrecise), -0.5 * v);
  return {Precise<K>(sin), Precise<K>(cos - r * rest.lo)};
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
