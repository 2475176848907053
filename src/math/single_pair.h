// SPDX-License-Identifier: Apache-2.0
// Numbers of about 48 bits, each a sum of two float32, and sums, products and quotients of them.
// lanes.h explains the form of the comments; errors are single numbers here.
#if defined(ACTFN_MATH_SINGLE_PAIR_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_SINGLE_PAIR_H_
#undef ACTFN_MATH_SINGLE_PAIR_H_
#else
#define ACTFN_MATH_SINGLE_PAIR_H_
#endif

#include "math/lanes.h"

#include <bit>

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

template <class N>
inline constexpr bool kIsSingle = false;
template <std::size_t K>
inline constexpr bool kIsSingle<Lanes<float, K>> = true;

// hi + lo.
template <std::size_t K>
struct SinglePair {
  Lanes<float, K> hi, lo;
};

template <std::size_t K>
HWY_INLINE SinglePair<K> SinglePairOf(const Lanes<float, K>& a) {
  return {a, 0};
}

// The same sum, exactly, as hi, which is rounded, and lo. Range: |a.lo| <= |a.hi|.
template <std::size_t K>
HWY_INLINE SinglePair<K> Renormalized(const SinglePair<K>& a) {
  const Lanes<float, K> hi = a.hi + a.lo;
  return {hi, a.lo - (hi - a.hi)};
}

// a + b as hi + lo, exactly. ±inf: lo is NaN.
template <std::size_t K>
HWY_INLINE SinglePair<K> TwoSum(const Lanes<float, K>& a, const Lanes<float, K>& b) {
  const Lanes<float, K> hi = a + b;
  const Lanes<float, K> back = hi - a;
  return {hi, (a - (hi - back)) + (b - back)};
}

// The same for a and b >= 0.
template <std::size_t K>
HWY_INLINE SinglePair<K> SumOfPositive(const Lanes<float, K>& a, const Lanes<float, K>& b) {
  const Lanes<float, K> hi = a + b;
  return {hi, Min(a, b) - (hi - Max(a, b))};
}

// c + c_lo as hi + lo with the same sign: hi is c without all but its first 24 bits. Error 2^-48.
template <std::size_t K>
HWY_INLINE SinglePair<K> InSingles(double c, double c_lo) {
  constexpr std::uint64_t kLowBits = 0x1FFFFFFF;  // 29: those of double beyond float's
  const auto bits = std::bit_cast<std::uint64_t>(c) & ~kLowBits;
  const auto hi = std::bit_cast<double>(bits);
  return {Lanes<float, K>(hi), Lanes<float, K>((c - hi) + c_lo)};
}

// (factor.hi + factor.lo) x as hi + lo. ±inf: lo is NaN.
template <std::size_t K>
HWY_INLINE SinglePair<K> Times(const Lanes<float, K>& x, const SinglePair<K>& factor) {
  const Lanes<float, K> hi = x * factor.hi;
  return {hi, Fma(x, factor.lo, FmaSub(x, factor.hi, hi))};
}
// a b as hi + lo.
template <std::size_t K>
HWY_INLINE SinglePair<K> Times(const SinglePair<K>& a, const SinglePair<K>& b) {
  const Lanes<float, K> hi = a.hi * b.hi;
  return {hi, Fma(a.hi, b.lo, Fma(a.lo, b.hi, FmaSub(a.hi, b.hi, hi)))};
}
// a^2 as hi + lo.
template <std::size_t K>
HWY_INLINE SinglePair<K> SquareOf(const Lanes<float, K>& a) {
  const Lanes<float, K> hi = a * a;
  return {hi, FmaSub(a, a, hi)};
}
template <std::size_t K>
HWY_INLINE SinglePair<K> SquareOf(const SinglePair<K>& a) {
  const SinglePair<K> square = SquareOf(a.hi);
  return {square.hi, Fma(a.hi + a.hi, a.lo, square.lo)};
}
// c x as hi + lo, for c of float32.
template <std::size_t K>
HWY_INLINE SinglePair<K> Times(const Lanes<float, K>& x, double c) {
  if (c == 1) return {x, 0};
  const Lanes<float, K> hi = x * c;
  return {hi, FmaSub(x, c, hi)};
}

// (a.hi + a.lo) x, rounded.
template <std::size_t K>
HWY_INLINE Lanes<float, K> RoundedTimes(const Lanes<float, K>& x, const SinglePair<K>& a) {
  return Fma(x, a.hi, x * a.lo);
}
// (c + c_lo) x, rounded. Measured error 2^-23.9 for SELU's constant. ±0: ±0, by the sign of c.
template <std::size_t K>
HWY_INLINE Lanes<float, K> RoundedProduct(double c, double c_lo, const Lanes<float, K>& x) {
  return RoundedTimes(x, InSingles<K>(c, c_lo));
}

// 1 + a as hi + lo, exactly, for a >= 0. ±0: 1.
template <std::size_t K>
HWY_INLINE SinglePair<K> OnePlus(const Lanes<float, K>& a) {
  return SumOfPositive(a, Lanes<float, K>(1));
}

// a + c for c > 0 and a.hi >= 0.
template <std::size_t K>
HWY_INLINE SinglePair<K> Plus(const SinglePair<K>& a, const Lanes<float, K>& c) {
  const SinglePair<K> sum = SumOfPositive(a.hi, c);
  return {sum.hi, sum.lo + a.lo};
}
template <std::size_t K>
HWY_INLINE SinglePair<K> Plus(const SinglePair<K>& a, double c) {
  return Plus(a, Lanes<float, K>(c));
}
// b x + a as hi + lo, for a >= 1 and b x > 0.
template <std::size_t K>
HWY_INLINE SinglePair<K> LineOf(const SinglePair<K>& x, const Lanes<float, K>& a,
                                const Lanes<float, K>& b) {
  const Lanes<float, K> hi = Fma(b, x.hi, a);
  return {hi, Fma(b, x.lo, Fma(b, x.hi, a - hi))};
}
// a + b without cancellation to speak of.
template <std::size_t K>
HWY_INLINE SinglePair<K> Plus(const SinglePair<K>& a, const SinglePair<K>& b) {
  const SinglePair<K> sum = TwoSum(a.hi, b.hi);
  return {sum.hi, sum.lo + (a.lo + b.lo)};
}
template <std::size_t K>
HWY_INLINE SinglePair<K> AbsOf(const SinglePair<K>& a) {
  return {Abs(a.hi), Select(a.hi < 0, -a.lo, a.lo)};
}
// mask ? yes : no
template <std::size_t K>
HWY_INLINE SinglePair<K> Select(const Mask<float, K>& mask, const SinglePair<K>& yes,
                                const SinglePair<K>& no) {
  return {Select(mask, yes.hi, no.hi), Select(mask, yes.lo, no.lo)};
}

// hi + lo, and inverse = 1 / hi.
template <std::size_t K>
struct SingleDenominator {
  Lanes<float, K> hi, lo, inverse;

  // 1 / (hi + lo) = inverse (1 + Error()).
  HWY_INLINE Lanes<float, K> Error() const { return NegFma(inverse, lo, NegFma(inverse, hi, 1)); }
};

template <std::size_t K>
HWY_INLINE SingleDenominator<K> DenominatorOf(const SinglePair<K>& a) {
  return {a.hi, a.lo, 1 / a.hi};
}

// x / (hi + lo), rounded. Error: 0.5 ulp and 2^-20 ulp, and that of hi + lo. ±0: 0, without its
// sign.
template <std::size_t K>
HWY_INLINE Lanes<float, K> Over(const Lanes<float, K>& x, const SingleDenominator<K>& d) {
  const Lanes<float, K> q = x * d.inverse;
  const Lanes<float, K> rest = NegFma(q, d.lo, NegFma(q, d.hi, x));
  return Fma(rest, d.inverse, q);
}
// n / (hi + lo) as hi + lo.
template <std::size_t K>
HWY_INLINE SinglePair<K> QuotientOf(const SinglePair<K>& n, const SingleDenominator<K>& d) {
  const Lanes<float, K> q = n.hi * d.inverse;
  const Lanes<float, K> rest = NegFma(q, d.lo, NegFma(q, d.hi, n.hi) + n.lo);
  return {q, rest * d.inverse};
}
template <std::size_t K>
HWY_INLINE Lanes<float, K> Reciprocal(const SingleDenominator<K>& d) {
  return Fma(d.Error(), d.inverse, d.inverse);
}

// u n / d^2, rounded. Error: 1.5 ulp at most, as far as u, n and d are exact.
template <std::size_t K>
ACTFN_PIECE Lanes<float, K> OverSquare(const SinglePair<K>& u, const SinglePair<K>& n,
                                       const SingleDenominator<K>& d) {
  using V = Lanes<float, K>;
  const V error = d.Error();
  const V a = n.hi * d.inverse;
  const V a_lo = Fma(n.lo, d.inverse, FmaSub(n.hi, d.inverse, a));
  const V b = u.hi * d.inverse;
  const V b_lo = Fma(error + error, b, u.lo * d.inverse);
  return Fma(a, b, Fma(a, b_lo, a_lo * b));
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
