// e^x and e^x - 1. Errors, relative: 2^-30 in Lanes<double>, 2^-58 in Pair.
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

// 2^(k/16) from the table, where k stands in the low bits.
template <std::size_t K>
HWY_INLINE Lanes<double, K> SixteenthPowerOfTwo(const Lanes<double, K>& low_bits) {
  const Tag<std::int64_t> di;
  Lanes<double, K> r;
  for (std::size_t i = 0; i < K; ++i) {
    const auto k = hn::BitCast(di, low_bits.v[i]);
#if HWY_TARGET <= HWY_AVX3
    // The instruction reads the last four bits of an index alone.
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

// e^x for |x| <= 708: unit * (1 + tail).
template <std::size_t K>
struct ExpParts {
  Lanes<double, K> unit, tail;
};

template <std::size_t K>
ACTFN_PIECE ExpParts<K> SplitExp(const Lanes<double, K>& x) {
  // x = k ln2/16 + r; adding 1.5 * 2^52 rounds to the whole number k, which stands in the low bits.
  const Lanes<double, K> magic = 0x1.8p52;
  const Lanes<double, K> shifted = Fma(x, 0x1.71547652b82fep4, magic);
  const Lanes<double, K> r = NegFma(shifted - magic, 0x1.62e42fefa39efp-5, x);
  const Lanes<double, K> bend = Polynomial(r, coefficients::kExpm1Quick);
  return {SixteenthPowerOfTwo(shifted), Fma(r * r, bend, r)};
}

// x = n ln2 + r, |r| <= ln2/2.
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

template <std::size_t K>
struct ExpPairParts {
  Pair<K> tail;   // e^r - 1
  Pair<K> curve;  // e^r - 1 - r
  Pair<K> r;
  Lanes<double, K> n;
};

template <std::size_t K>
ACTFN_LONG_PIECE ExpPairParts<K> SplitExp(const Pair<K>& x) {
  using V = Lanes<double, K>;
  const Reduced<K> reduced = ReduceByLn2(x.hi);        // its r is exact
  const V second = reduced.n * coefficients::kLn2[1];  // exact too
  const Pair<K> r1 = Pair<K>::Sum(reduced.r, -second);
  const Pair<K> r = Pair<K>::FastSum(r1.hi, r1.lo + NegFma(reduced.n, coefficients::kLn2[2], x.lo));
  const V bend = Polynomial(r.hi, coefficients::kExpm1Precise);
  const Pair<K> square = Pair<K>::Product(r.hi * 0.5, r.hi);
  const Pair<K> curve = Pair<K>::FastSum(square.hi, (r.hi * r.hi) * (r.hi * bend));
  const Pair<K> tail = Pair<K>::FastSum(r.hi, curve.hi);
  const V low = tail.lo + (curve.lo + square.lo);
  return {Pair<K>::FastSum(tail.hi, Fma(tail.hi, r.lo, low + r.lo)),
          {curve.hi, Fma(r.hi, r.lo, curve.lo + square.lo)},
          r,
          reduced.n};
}

// e^x where x <= 0. Beyond -700, where float32 has long been 0, x counts as -700; for x > 0 the
// result is finite and nothing more.
template <std::size_t K>
ACTFN_PIECE Lanes<double, K> ExpDown(const Lanes<double, K>& x) {
  const ExpParts<K> e = SplitExp(Max(x, -700));
  return Fma(e.unit, e.tail, e.unit);
}
template <std::size_t K>
ACTFN_PIECE ScaledPair<K> ExpDown(const Pair<K>& x) {
  const ExpPairParts<K> e = SplitExp(Clamp(x, -1600, 700));
  return {Pair<K>(1) + e.tail, e.n};
}

// e^x for any x; infinite only when rounded.
template <std::size_t K>
ACTFN_PIECE Lanes<double, K> ExpOf(const Lanes<double, K>& x) {
  const ExpParts<K> e = SplitExp(Clamp(x, -700, 700));
  return Fma(e.unit, e.tail, e.unit);
}
template <std::size_t K>
ACTFN_PIECE ScaledPair<K> ExpOf(const Pair<K>& x) {
  const ExpPairParts<K> e = SplitExp(Clamp(x, -1600, 1600));
  return {Pair<K>(1) + e.tail, e.n};
}

// e^x - 1 where x <= 1/2; its relative error stays small as x goes to 0.
template <std::size_t K>
ACTFN_PIECE Lanes<double, K> Expm1Down(const Lanes<double, K>& x) {
  const ExpParts<K> e = SplitExp(Max(x, -700));
  return Fma(e.unit, e.tail, e.unit - 1);
}
template <std::size_t K>
ACTFN_PIECE Pair<K> Expm1Down(const Pair<K>& x) {
  const ExpPairParts<K> e = SplitExp(Clamp(x, -1600, 700));
  const Lanes<double, K> unit = PowerOfTwo(e.n);
  return Pair<K>::FastSum(Lanes<double, K>(-1), unit) + Pair<K>(e.tail.hi * unit, e.tail.lo * unit);
}

// (c + c_lo) (e^x - 1) where x <= 0
template <class N>
HWY_INLINE auto TimesExpm1Down(double c, double c_lo, const N& x) {
  return Round(Constant<N>(c, c_lo) * Expm1Down(x));
}

// e^x - 1 - x where x <= 0; its relative error stays small as x goes to 0.
template <std::size_t K>
ACTFN_PIECE Pair<K> Expm1MinusDown(const Pair<K>& x) {
  const ExpPairParts<K> e = SplitExp(Clamp(x, -1600, 700));
  const Lanes<double, K> unit = PowerOfTwo(e.n);
  const Pair<K> line = Pair<K>(e.r.hi * unit, e.r.lo * unit) - x;  // 0 where nothing was reduced
  const Pair<K> curve = {e.curve.hi * unit, e.curve.lo * unit};
  return curve + (Pair<K>::FastSum(Lanes<double, K>(-1), unit) + line);
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
