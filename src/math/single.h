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

// e^x as hi + lo: error 0.4 of 2^-24.
template <std::size_t K>
struct SingleExp {
  Lanes<float, K> hi, lo;
};

template <std::size_t K>
ACTFN_PIECE SingleExp<K> ExpOfSingle(const Lanes<float, K>& x) {
  using V = Lanes<float, K>;
  // Adding 1.5 * 2^23 rounds to the whole number n, and n + 127 stands in the low bits.
  const V magic = 0x1.8p23 + 127;
  const V shifted = Fma(x, 0x1.715476p0, magic);
  const V n = shifted - magic;
  const V exact = NegFma(n, coefficients::kLn2Single[0], x);
  const V r = NegFma(n, coefficients::kLn2Single[1], exact);
  const V tail = Fma(r * r, Polynomial(r, coefficients::kExpm1Single), r);
  V unit;
  for (std::size_t k = 0; k < K; ++k) {
    const auto bits = hn::BitCast(Tag<std::int32_t>(), shifted.v[k]);
    unit.v[k] = hn::BitCast(Tag<float>(), hn::ShiftLeft<23>(bits));
  }
  const V hi = Fma(unit, tail, unit);
  return {hi, Fma(unit, tail, unit - hi)};
}

// 1 + e^-z as hi + lo, and 1 / hi.
template <std::size_t K>
struct SingleDenominator {
  Lanes<float, K> hi, lo, inverse;
  Lanes<float, K> e;  // e^-z
};

template <std::size_t K>
ACTFN_PIECE SingleDenominator<K> DenominatorOf(const Lanes<float, K>& z) {
  using V = Lanes<float, K>;
  const SingleExp<K> e = ExpOfSingle(-z);
  const V large = Max(e.hi, 1);
  const V small = Min(e.hi, 1);
  const V hi = large + small;
  return {hi, (small - (hi - large)) + e.lo, 1 / hi, e.hi};
}

// x / (hi + lo) with little more than one rounding.
template <std::size_t K>
HWY_INLINE Lanes<float, K> Over(const Lanes<float, K>& x, const SingleDenominator<K>& d) {
  const Lanes<float, K> q = x * d.inverse;
  const Lanes<float, K> rest = NegFma(q, d.lo, NegFma(q, d.hi, x));
  return Fma(rest, d.inverse, q);
}

// Error at most 1 ulp.
template <std::size_t K>
HWY_INLINE Lanes<float, K> Logistic(const Lanes<float, K>& z) {
  const SingleDenominator<K> d = DenominatorOf(z);
  const Lanes<float, K> rest = NegFma(d.inverse, d.lo, NegFma(d.inverse, d.hi, 1));
  return Fma(rest, d.inverse, d.inverse);
}

// The same with up to 2 ulp, enough for a derivative.
template <std::size_t K>
HWY_INLINE Lanes<float, K> RoughLogistic(const Lanes<float, K>& z) {
  return 1 / (1 + ExpOfSingle(-z).hi);
}
template <class N>
HWY_INLINE Scaled<N> RoughLogistic(const N& z) {
  return Logistic(z);
}

template <std::size_t K>
HWY_INLINE Lanes<float, K> TimesLogistic(const Lanes<float, K>& x, const Lanes<float, K>& z) {
  return Over(x, DenominatorOf(z));
}

// With s the logistic of z: s (1 + z (1 - s)), where 1 - s is s e^-z on the right.
template <std::size_t K>
HWY_INLINE Lanes<float, K> SwishSlope(const Lanes<float, K>& z) {
  using V = Lanes<float, K>;
  const SingleDenominator<K> d = DenominatorOf(z);
  const V rest = NegFma(d.inverse, d.lo, NegFma(d.inverse, d.hi, 1));
  const V s = Fma(rest, d.inverse, d.inverse);
  const V complement = Select(z < 0, 1 - s, s * d.e);
  return s * Fma(z, complement, 1);
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
