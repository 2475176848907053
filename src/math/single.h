// The logistic functions in float32 lanes: twice as many at once as doubles, for the functions that
// are asked for most. For |z| < 87 alone, where every power of two is a normal number; the loops
// leave the rest to doubles (kernels/loops.h).
#if defined(ACTFN_MATH_SINGLE_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_SINGLE_H_
#undef ACTFN_MATH_SINGLE_H_
#else
#define ACTFN_MATH_SINGLE_H_
#endif

#include "math/logistic.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

constexpr float kSingleReach = 87;

// Entry k modulo 8 of a table of 8, twice over, where k stands in the low bits.
template <class T>
HWY_INLINE hn::Vec<Tag<float>> EighthEntry(const T* table, hn::Vec<Tag<std::int32_t>> k) {
  const Tag<T> d;
#if HWY_TARGET <= HWY_AVX3  // these instructions read an index' last bits alone
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

template <std::size_t K>
struct SinglePair {
  Lanes<float, K> hi, lo;  // their sum
};

// e^x: unit (1 + bent), error 2^-28.
template <std::size_t K>
struct SingleExpParts {
  Lanes<float, K> unit, bent;
};

// Times 2^(power / 2^23), a whole power: more e^x come into reach than float32 has, where that
// brings their products back.
template <std::size_t K>
ACTFN_PIECE SingleExpParts<K> SplitSingleExp(const Lanes<float, K>& x, std::int32_t power) {
  using V = Lanes<float, K>;
  // x = k ln2/8 + r; adding 1.5 * 2^23 rounds to the whole number k, which stands in the low bits.
  const V magic = 0x1.8p23;
  const V shifted = Fma(x, 0x1.715476p3, magic);
  const V k = shifted - magic;
  const V r = NegFma(k, coefficients::kLn2Single[1], NegFma(k, coefficients::kLn2Single[0], x));
  const V tail = Fma(r * r, Polynomial(r, coefficients::kExpm1Single), r);
  V unit, rest;  // 2^(k/8) is unit (1 + rest)
  for (std::size_t i = 0; i < K; ++i) {
    const Tag<std::int32_t> di;
    const auto bits = hn::BitCast(di, shifted.v[i]);
    const auto entry = hn::BitCast(di, EighthEntry(coefficients::kExpTableSingle, bits));
    const auto scaled = hn::Add(hn::Add(entry, hn::ShiftLeft<20>(bits)), hn::Set(di, power));
    unit.v[i] = hn::BitCast(Tag<float>(), scaled);
    rest.v[i] = EighthEntry(coefficients::kExpRestSingle, bits);
  }
  return {unit, tail + rest};
}

template <std::size_t K>
HWY_INLINE SinglePair<K> ExpOfSingle(const Lanes<float, K>& x) {
  const SingleExpParts<K> e = SplitSingleExp(x, 0);
  const Lanes<float, K> hi = Fma(e.unit, e.bent, e.unit);
  return {hi, Fma(e.unit, e.bent, e.unit - hi)};
}

// 1 + a as hi + lo, exactly, for a >= 0.
template <std::size_t K>
HWY_INLINE SinglePair<K> OnePlus(const Lanes<float, K>& a) {
  const Lanes<float, K> large = Max(a, 1);
  const Lanes<float, K> hi = large + Min(a, 1);
  return {hi, Min(a, 1) - (hi - large)};
}

// 1 + e^-z as hi + lo, and 1 / hi.
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

// x / (hi + lo) with little more than one rounding.
template <std::size_t K>
HWY_INLINE Lanes<float, K> Over(const Lanes<float, K>& x, const SingleDenominator<K>& d) {
  const Lanes<float, K> q = x * d.inverse;
  const Lanes<float, K> rest = NegFma(q, d.lo, NegFma(q, d.hi, x));
  return Fma(rest, d.inverse, q);
}

template <std::size_t K>
HWY_INLINE Lanes<float, K> Logistic(const Lanes<float, K>& z) {
  const SingleDenominator<K> d = DenominatorOf(z);
  const Lanes<float, K> rest = NegFma(d.inverse, d.lo, NegFma(d.inverse, d.hi, 1));
  return Fma(rest, d.inverse, d.inverse);
}

// Error at most 2 ulp, enough for a derivative.
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

template <std::size_t K>
HWY_INLINE Lanes<float, K> TimesLogistic(const Lanes<float, K>& x, const Lanes<float, K>& z) {
  return CopySign(Over(x, DenominatorOf(z)), x);  // -0: the correction loses its sign
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
