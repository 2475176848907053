// SPDX-License-Identifier: Apache-2.0
// The logistic functions in float32 arithmetic, with twice as many lanes as doubles have: for the
// functions that are used most. Range: |z| < kSingleReach, where all powers of two are normal
// numbers; the loops compute other elements, and NaN, in doubles (kernels/loops.h). For those,
// results here are unspecified. lanes.h explains the form of the comments; there is one error here.
#if defined(ACTFN_MATH_SINGLE_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_SINGLE_H_
#undef ACTFN_MATH_SINGLE_H_
#else
#define ACTFN_MATH_SINGLE_H_
#endif

#include "math/logistic.h"

#include <bit>

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

constexpr double kSingleReach = 87;

template <class N>
inline constexpr bool kIsSingle = false;
template <std::size_t K>
inline constexpr bool kIsSingle<Lanes<float, K>> = true;

// table[k modulo 8] for the whole number k in the low bits; table[8 + i] must equal table[i].
template <class T>
HWY_INLINE hn::Vec<Tag<float>> EighthEntry(const T* table, hn::Vec<Tag<std::int32_t>> k) {
  const Tag<T> d;
#if HWY_TARGET <= HWY_AVX3  // the instruction reads only the last bits of an index
  const auto entry = hn::LoadU(d, table);
  return {_mm512_castsi512_ps(
      _mm512_permutexvar_epi32(k.raw, hn::BitCast(Tag<std::int32_t>(), entry).raw))};
#elif HWY_TARGET == HWY_AVX2
  const auto entry = hn::BitCast(Tag<float>(), hn::LoadU(d, table));
  return {_mm256_permutevar8x32_ps(entry.raw, k.raw)};
#else
  const auto index = hn::And(k, hn::Set(Tag<std::int32_t>(), 7));
  return hn::BitCast(Tag<float>(), hn::GatherIndex(d, table, index));
#endif
}

// hi + lo.
template <std::size_t K>
struct SinglePair {
  Lanes<float, K> hi, lo;
};

// A function's value and derivative.
template <std::size_t K>
struct SingleValueAndSlope {
  Lanes<float, K> value, slope;
};

// x = k ln2/8 + r with |r| <= ln2/16, and 2^(k/8) = unit (1 + rest).
template <std::size_t K>
struct SingleSteps {
  Lanes<float, K> unit, rest;
  Lanes<float, K> r;     // x - k times the first part of ln2/8, exactly
  Lanes<float, K> k_lo;  // k times the second part, still to be subtracted
};

template <std::size_t K>
ACTFN_PIECE SingleSteps<K> StepsOf(const Lanes<float, K>& x) {
  using V = Lanes<float, K>;
  // Adding 1.5 * 2^23 rounds to a whole number: the low bits are k.
  const V magic = 0x1.8p23;
  const V shifted = Fma(x, 0x1.715476p3, magic);
  const V k = shifted - magic;
  SingleSteps<K> e;
  e.r = NegFma(k, coefficients::kLn2Single[0], x);
  e.k_lo = k * coefficients::kLn2Single[1];
  for (std::size_t i = 0; i < K; ++i) {
    const Tag<std::int32_t> di;
    const auto bits = hn::BitCast(di, shifted.v[i]);
    const auto entry = hn::BitCast(di, EighthEntry(coefficients::kExpTableSingle, bits));
    e.unit.v[i] = hn::BitCast(Tag<float>(), hn::Add(entry, hn::ShiftLeft<20>(bits)));
    e.rest.v[i] = EighthEntry(coefficients::kExpRestSingle, bits);
  }
  return e;
}

// e^x = unit + unit * tail.
template <std::size_t K>
struct SingleExpParts {
  Lanes<float, K> unit, tail;
};

template <std::size_t K>
ACTFN_PIECE SingleExpParts<K> ExpPartsOf(const SingleSteps<K>& e, const Lanes<float, K>& r) {
  return {e.unit, Fma(r * r, Polynomial(r, coefficients::kExpm1Single), r) + e.rest};
}

// e^x in parts. Measured error 2^-27.0 for |x| <= 60.
template <std::size_t K>
ACTFN_PIECE SingleExpParts<K> SplitSingleExp(const Lanes<float, K>& x) {
  const SingleSteps<K> e = StepsOf(x);
  return ExpPartsOf(e, e.r - e.k_lo);
}

// e^x, rounded. Measured error 2^-23.9 for x <= 0. ±0: 1.
template <std::size_t K>
ACTFN_PIECE Lanes<float, K> ExpDown(const Lanes<float, K>& x) {
  const SingleExpParts<K> b = SplitSingleExp(x);
  return Fma(b.unit, b.tail, b.unit);
}

template <std::size_t K>
HWY_INLINE SinglePair<K> SumOf(const SingleExpParts<K>& b) {
  const Lanes<float, K> hi = Fma(b.unit, b.tail, b.unit);
  return {hi, Fma(b.unit, b.tail, b.unit - hi)};
}

// e^x as hi + lo. Measured error 2^-27.0 for |x| <= 60, 2^-24.5 for |x| < 87, where lo may be
// subnormal. ±0: 1.
template <std::size_t K>
ACTFN_PIECE SinglePair<K> ExpOfSingle(const Lanes<float, K>& x) {
  return SumOf(SplitSingleExp(x));
}

// The same for hi + lo, |lo| being much less than 1.
template <std::size_t K>
ACTFN_PIECE SinglePair<K> ExpOfSingle(const SinglePair<K>& x) {
  const SingleSteps<K> e = StepsOf(x.hi);
  return SumOf(ExpPartsOf(e, e.r + (x.lo - e.k_lo)));
}

// e^x - 1 for x <= 0 as hi + lo. Measured error 2^-26.7, also near 0. ±0: 0.
template <std::size_t K>
ACTFN_PIECE SinglePair<K> Expm1OfSingle(const Lanes<float, K>& x) {
  using V = Lanes<float, K>;
  const SingleSteps<K> e = StepsOf(x);
  const V r = e.r - e.k_lo;
  const V tail = Fma(r * r, Polynomial(r, coefficients::kExpm1Single), e.rest - e.k_lo);
  const V step = e.unit - 1;
  const V step_lo = e.unit - (step + 1);
  const V hi = Fma(e.unit, e.r, step);
  const V lo = Fma(e.unit, e.r, step - hi);
  return {hi, Fma(e.unit, tail, lo + step_lo)};
}

// c + c_lo as hi + lo with the same sign: hi is c without all but its first 24 bits. Error 2^-48.
template <std::size_t K>
HWY_INLINE SinglePair<K> InSingles(double c, double c_lo) {
  constexpr std::uint64_t kLowBits = 0x1FFFFFFF;  // 29: those of double beyond float's
  const auto bits = std::bit_cast<std::uint64_t>(c) & ~kLowBits;
  const auto hi = std::bit_cast<double>(bits);
  return {Lanes<float, K>(hi), Lanes<float, K>((c - hi) + c_lo)};
}

// (c + c_lo) (e^x - 1) for x <= 0, rounded. Measured error 2^-23.9 for SELU's constant. ±0: 0.
template <std::size_t K>
HWY_INLINE Lanes<float, K> TimesExpm1Down(double c, double c_lo, const Lanes<float, K>& x) {
  const SinglePair<K> factor = InSingles<K>(c, c_lo);
  const SinglePair<K> m = Expm1OfSingle(x);
  const Lanes<float, K> hi = factor.hi * m.hi;
  const Lanes<float, K> lo = Fma(factor.hi, m.hi, -hi);
  return hi + Fma(factor.lo, m.hi, Fma(factor.hi, m.lo, lo));
}

// (c + c_lo) x, rounded. Measured error 2^-23.9 for SELU's constant. ±0: ±0, by the sign of c.
template <std::size_t K>
HWY_INLINE Lanes<float, K> RoundedProduct(double c, double c_lo, const Lanes<float, K>& x) {
  const SinglePair<K> factor = InSingles<K>(c, c_lo);
  return Fma(x, factor.hi, x * factor.lo);
}

// x / c, exactly. Range: c is a power of two; see kSingleOrders. ±inf, ±0 and NaN: as in division.
template <std::size_t K>
HWY_INLINE Lanes<float, K> Quotient(const Lanes<float, K>& x, double c) {
  return x * (1 / c);
}

// 1 + a as hi + lo, exactly, for a >= 0. ±0: 1.
template <std::size_t K>
HWY_INLINE SinglePair<K> OnePlus(const Lanes<float, K>& a) {
  const Lanes<float, K> large = Max(a, 1);
  const Lanes<float, K> hi = large + Min(a, 1);
  return {hi, Min(a, 1) - (hi - large)};
}

// 1 + e^-z = hi + lo, and inverse = 1 / hi.
template <std::size_t K>
struct SingleDenominator {
  Lanes<float, K> hi, lo, inverse;
};

template <std::size_t K>
ACTFN_PIECE SingleDenominator<K> DenominatorOf(const Lanes<float, K>& z) {
  const SinglePair<K> e = ExpOfSingle(-z);
  const SinglePair<K> sum = OnePlus(e.hi);
  return {sum.hi, sum.lo + e.lo, 1 / sum.hi};
}

// x / (hi + lo), rounded. Error: 0.5 ulp and 2^-20 ulp, and that of hi + lo. ±0: 0, without its
// sign.
template <std::size_t K>
HWY_INLINE Lanes<float, K> Over(const Lanes<float, K>& x, const SingleDenominator<K>& d) {
  const Lanes<float, K> q = x * d.inverse;
  const Lanes<float, K> rest = NegFma(q, d.lo, NegFma(q, d.hi, x));
  return Fma(rest, d.inverse, q);
}

// 1 / (1 + e^-z), rounded. Measured error 2^-23.9. ±0: 1/2.
template <std::size_t K>
HWY_INLINE Lanes<float, K> Logistic(const Lanes<float, K>& z) {
  const SingleDenominator<K> d = DenominatorOf(z);
  const Lanes<float, K> rest = NegFma(d.inverse, d.lo, NegFma(d.inverse, d.hi, 1));
  return Fma(rest, d.inverse, d.inverse);
}

// The same for derivatives. Error: at most 2 ulp; measured 2^-22.9. ±0: 1/2. Other N: Logistic.
template <std::size_t K>
HWY_INLINE Lanes<float, K> RoughLogistic(const Lanes<float, K>& z) {
  const SinglePair<K> sum = OnePlus(ExpOfSingle(-z).hi);
  const Lanes<float, K> inverse = 1 / sum.hi;
  return NegFma(inverse * sum.lo, inverse, inverse);
}
template <class N>
HWY_INLINE Scaled<N> RoughLogistic(const N& z) {
  return Logistic(z);
}

// tanh(a) for a >= 0, rounded, as -m / (2 + m) with m = e^-2a - 1. Measured error 2^-23.9, also
// near 0. ±0: 0.
template <std::size_t K>
ACTFN_PIECE Lanes<float, K> TanhOfMagnitude(const Lanes<float, K>& a) {
  const SinglePair<K> parts = Expm1OfSingle(-2 * Min(a, 20));
  const Lanes<float, K> sum = parts.hi + parts.lo;
  const SinglePair<K> m = {sum, parts.lo - (sum - parts.hi)};
  const Lanes<float, K> hi = 2 + m.hi;
  const SingleDenominator<K> d = {hi, (m.hi - (hi - 2)) + m.lo, 1 / hi};
  const Lanes<float, K> q = -m.hi * d.inverse;
  const Lanes<float, K> rest = NegFma(q, d.lo, NegFma(q, d.hi, -m.hi)) - m.lo;
  return Fma(rest, d.inverse, q);
}

// x / (1 + e^-z), rounded. Measured error 2^-23.9 for z = x >= -80. ±0: ±0.
template <std::size_t K>
HWY_INLINE Lanes<float, K> TimesLogistic(const Lanes<float, K>& x, const Lanes<float, K>& z) {
  return CopySign(Over(x, DenominatorOf(z)), x);  // Over() makes 0 of -0
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
