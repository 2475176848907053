// SPDX-License-Identifier: Apache-2.0
// e^x, e^x - 1 and e^x - 1 - x. lanes.h explains the form of the comments.
#if defined(ACTFN_MATH_EXP_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_EXP_H_
#undef ACTFN_MATH_EXP_H_
#else
#define ACTFN_MATH_EXP_H_
#endif

#include "math/coefficients.h"
#include "math/pair.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// 2^(k/16), rounded to double, for the whole number k in the low bits of the argument.
template <std::size_t K>
HWY_INLINE Lanes<double, K> SixteenthPowerOfTwo(const Lanes<double, K>& low_bits) {
  const Tag<std::int64_t> di;
  Lanes<double, K> r;
  for (std::size_t i = 0; i < K; ++i) {
    const auto k = hn::BitCast(di, low_bits.v[i]);
#if HWY_TARGET <= HWY_AVX3
    // The instruction reads only the last four bits of an index.
    const auto low = hn::LoadU(di, coefficients::kExpTable);
    const auto high = hn::LoadU(di, coefficients::kExpTable + 8);
    const auto entry =
        hn::Vec<Tag<std::int64_t>>{_mm512_permutex2var_epi64(low.raw, k.raw, high.raw)};
#else
    const auto entry = hn::GatherIndex(di, coefficients::kExpTable, hn::And(k, hn::Set(di, 15)));
#endif
    r.v[i] = hn::BitCast(Tag<double>(), hn::Add(entry, hn::ShiftLeft<48>(k)));
  }
  return r;
}

// e^x = unit (1 + tail), |tail| < 0.022. Error of the tail: 2^-31, from the polynomial. Range: |x|
// <= 708. NaN: unspecified.
template <std::size_t K>
struct ExpParts {
  Lanes<double, K> unit, tail;
};

template <std::size_t K>
ACTFN_PIECE ExpParts<K> SplitExp(const Lanes<double, K>& x) {
  // x = k ln2/16 + r. Adding 1.5 * 2^52 rounds to a whole number: the low bits are k.
  const Lanes<double, K> magic = 0x1.8p52;
  const Lanes<double, K> shifted = Fma(x, 0x1.71547652b82fep4, magic);
  const Lanes<double, K> r = NegFma(shifted - magic, 0x1.62e42fefa39efp-5, x);
  const Lanes<double, K> p = Polynomial(r, coefficients::kExpm1Quick);
  return {SixteenthPowerOfTwo(shifted), Fma(r * r, p, r)};
}

// x = n ln2 + r with |r| <= ln2/2, ln2 being the first part of kLn2: then r is exact. Range: |x| <=
// 1600.
template <std::size_t K>
struct Reduced {
  Lanes<double, K> n, r;
};

template <std::size_t K>
ACTFN_PIECE Reduced<K> ReduceByLn2(const Lanes<double, K>& x) {
  const Lanes<double, K> magic = 0x1.8p52;
  const Lanes<double, K> n = Fma(x, 0x1.71547652b82fep0, magic) - magic;
  return {n, NegFma(n, coefficients::kLn2[0], x)};
}

// e^x = 2^n e^r. Range: |x| <= 1600. NaN: unspecified.
template <std::size_t K>
struct ExpPairParts {
  Pair<K> expm1;       // e^r - 1
  Pair<K> expm1_tail;  // e^r - 1 - r
  Pair<K> r;
  Lanes<double, K> n;
};

template <std::size_t K>
ACTFN_LONG_PIECE ExpPairParts<K> SplitExp(const Pair<K>& x) {
  using V = Lanes<double, K>;
  const Reduced<K> reduced = ReduceByLn2(x.hi);
  const V second = reduced.n * coefficients::kLn2[1];  // exact: kLn2[1] has few bits
  const Pair<K> r1 = Pair<K>::Sum(reduced.r, -second);
  const Pair<K> r = Pair<K>::FastSum(r1.hi, r1.lo + NegFma(reduced.n, coefficients::kLn2[2], x.lo));
  const V p = Polynomial(r.hi, coefficients::kExpm1Precise);
  const Pair<K> square = Pair<K>::Product(r.hi * 0.5, r.hi);
  const Pair<K> tail = Pair<K>::FastSum(square.hi, (r.hi * r.hi) * (r.hi * p));
  const Pair<K> expm1 = Pair<K>::FastSum(r.hi, tail.hi);
  const V low = expm1.lo + (tail.lo + square.lo);
  return {Pair<K>::FastSum(expm1.hi, Fma(expm1.hi, r.lo, low + r.lo)),
          {tail.hi, Fma(r.hi, r.lo, tail.lo + square.lo)},
          r,
          reduced.n};
}

// e^x for x <= 0. Measured error 2^-36.5 | 2^-58.1. Range: x <= 0; below -700 | -1600 it counts as
// that bound, where float32 | float64 is 0. ±0: 1. For x > 0 and NaN: unspecified.
template <std::size_t K>
ACTFN_PIECE Lanes<double, K> ExpDown(const Lanes<double, K>& x) {
  const ExpParts<K> e = SplitExp(Max(x, -700));
  return Fma(e.unit, e.tail, e.unit);
}
template <std::size_t K>
ACTFN_PIECE ScaledPair<K> ExpDown(const Pair<K>& x) {
  const ExpPairParts<K> e = SplitExp(Clamp(x, -1600, 700));
  return {Pair<K>(1) + e.expm1, e.n};
}

// e^x. Measured error 2^-36.5 | 2^-58.0. Range: any x; beyond ±700 | ±1600 it counts as that
// bound, where float32 | float64 is infinite or 0. ±0: 1. NaN: unspecified.
template <std::size_t K>
ACTFN_PIECE Lanes<double, K> ExpOf(const Lanes<double, K>& x) {
  const ExpParts<K> e = SplitExp(Clamp(x, -700, 700));
  return Fma(e.unit, e.tail, e.unit);
}
template <std::size_t K>
ACTFN_PIECE ScaledPair<K> ExpOf(const Pair<K>& x) {
  const ExpPairParts<K> e = SplitExp(Clamp(x, -1600, 1600));
  return {Pair<K>(1) + e.expm1, e.n};
}

// e^x - 1 for x <= 1/2. Measured error 2^-31.0 | 2^-56.7, also near 0. -inf: -1. ±0: 0. For larger
// x and NaN: unspecified.
template <std::size_t K>
ACTFN_PIECE Lanes<double, K> Expm1Down(const Lanes<double, K>& x) {
  const ExpParts<K> e = SplitExp(Max(x, -700));
  return Fma(e.unit, e.tail, e.unit - 1);
}
template <std::size_t K>
ACTFN_PIECE Pair<K> Expm1Down(const Pair<K>& x) {
  const ExpPairParts<K> e = SplitExp(Clamp(x, -1600, 700));
  const Lanes<double, K> unit = PowerOfTwo(e.n);
  return Pair<K>::FastSum(Lanes<double, K>(-1), unit) +
         Pair<K>(e.expm1.hi * unit, e.expm1.lo * unit);
}

// (c + c_lo) (e^x - 1) for x <= 0, rounded. Error: that of Expm1Down and of one rounding. -inf: -c.
// ±0: 0. For x > 0 and NaN: unspecified.
template <class N>
HWY_INLINE auto TimesExpm1Down(double c, double c_lo, const N& x) {
  return Round(Constant<N>(c, c_lo) * Expm1Down(x));
}

// e^x - 1 - x for x <= 0. Measured error 2^-54.1, also near 0. ±0: 0. For x > 0, -inf and NaN:
// unspecified.
template <std::size_t K>
ACTFN_PIECE Pair<K> Expm1MinusDown(const Pair<K>& x) {
  const ExpPairParts<K> e = SplitExp(Clamp(x, -1600, 700));
  const Lanes<double, K> unit = PowerOfTwo(e.n);
  const Pair<K> line = Pair<K>(e.r.hi * unit, e.r.lo * unit) - x;  // 0 if n is 0
  const Pair<K> tail = {e.expm1_tail.hi * unit, e.expm1_tail.lo * unit};
  return tail + (Pair<K>::FastSum(Lanes<double, K>(-1), unit) + line);
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
