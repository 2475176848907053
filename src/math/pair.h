// SPDX-License-Identifier: Apache-2.0
// Double-double arithmetic: unevaluated sums of two doubles. Measured relative errors: products and
// square roots 2^-103, quotients 2^-103, sums 2^-104 of the larger operand.
//
// Formulas take a type N. N is Pair if results are float64. N is Lanes<double>, or for most
// functions Lanes<float>, if results are float32; of Lanes<double> nearly the whole error comes
// from rounding to float32.
#if defined(ACTFN_MATH_PAIR_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_PAIR_H_
#undef ACTFN_MATH_PAIR_H_
#else
#define ACTFN_MATH_PAIR_H_
#endif

#include "math/lanes.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// 2^n, exactly. Range: whole numbers from -1022 to 1023; others count as the nearer bound.
template <std::size_t K>
ACTFN_PIECE Lanes<double, K> PowerOfTwo(const Lanes<double, K>& n) {
  // The sum's low bits are the whole number n + 1023, the exponent's field of 2^n.
  Lanes<double, K> r = Clamp(n, -1022, 1023) + (0x1.8p52 + 1023);
  for (std::size_t k = 0; k < K; ++k) {
    const auto bits = hn::BitCast(Tag<std::int64_t>(), r.v[k]);
    r.v[k] = hn::BitCast(Tag<double>(), hn::ShiftLeft<52>(bits));
  }
  return r;
}

template <std::size_t K>
struct ScaledPair;

// A double-double number, hi + lo. Range of its operations: nothing overflows, and results are 0 or
// at least 2^-960, below which low bits are lost. ±inf: the low part becomes NaN. Sums make 0 of
// -0.
template <std::size_t K>
struct Pair {
  using Lane = Lanes<double, K>;
  using Holds = Mask<double, K>;
  using Scaled = ScaledPair<K>;

  Lane hi, lo;  // |lo| is at most a few ulp of hi

  Pair() = default;
  HWY_INLINE Pair(const Lane& a) : hi(a), lo(0.0) {}  // NOLINT: numbers convert
  HWY_INLINE Pair(double a) : hi(a), lo(0.0) {}       // NOLINT
  HWY_INLINE Pair(const Lane& h, const Lane& l) : hi(h), lo(l) {}

  // a + b, exactly (Dekker). Range: |a| >= |b| or a == 0.
  static HWY_INLINE Pair FastSum(const Lane& a, const Lane& b) {
    const Lane s = a + b;
    return {s, b - (s - a)};
  }
  // a + b, exactly (Knuth). Range: any finite sum.
  static HWY_INLINE Pair Sum(const Lane& a, const Lane& b) {
    const Lane s = a + b;
    const Lane t = s - a;
    return {s, (a - (s - t)) + (b - t)};
  }
  // a * b, exactly. Range: |a b| >= 2^-960 and finite, or 0.
  static HWY_INLINE Pair Product(const Lane& a, const Lane& b) {
    const Lane p = a * b;
    return {p, FmaSub(a, b, p)};
  }

  friend HWY_ATTR HWY_INLINE Pair operator-(const Pair& a) { return {-a.hi, -a.lo}; }
  friend HWY_ATTR ACTFN_PIECE Pair operator+(const Pair& a, const Pair& b) {
    const Pair s = Sum(a.hi, b.hi);
    return FastSum(s.hi, s.lo + (a.lo + b.lo));
  }
  friend HWY_ATTR HWY_INLINE Pair operator-(const Pair& a, const Pair& b) { return a + -b; }
  friend HWY_ATTR ACTFN_PIECE Pair operator*(const Pair& a, const Pair& b) {
    const Pair p = Product(a.hi, b.hi);
    return {p.hi, Fma(a.hi, b.lo, Fma(a.lo, b.hi, p.lo))};
  }
  friend HWY_ATTR ACTFN_PIECE Pair operator/(const Pair& a, const Pair& b) {
    const Lane q = a.hi / b.hi;
    const Lane rest = NegFma(q, b.hi, a.hi) + (a.lo - q * b.lo);
    return {q, rest / b.hi};
  }
  friend HWY_ATTR ACTFN_PIECE Pair Sqrt(const Pair& a) {
    const Lane root = Sqrt(a.hi);
    const Lane rest = NegFma(root, root, a.hi) + a.lo;
    return {root, SelectOrZero(root > 0, rest / (root + root))};
  }
  friend HWY_ATTR ACTFN_PIECE Pair Abs(const Pair& a) {
    return Select(a.hi < 0, -a, Pair(Abs(a.hi), a.lo));
  }
  // Compare with a double. The low part decides if the high part equals b.
  friend HWY_ATTR HWY_INLINE Holds operator<(const Pair& a, double b) {
    return Or(a.hi < b, And(a.hi == b, a.lo < 0));
  }
  friend HWY_ATTR HWY_INLINE Holds operator<=(const Pair& a, double b) { return a.hi <= b; }
  friend HWY_ATTR HWY_INLINE Holds operator>(const Pair& a, double b) {
    return Or(a.hi > b, And(a.hi == b, a.lo > 0));
  }
  friend HWY_ATTR HWY_INLINE Holds operator>=(const Pair& a, double b) { return a.hi >= b; }
  friend HWY_ATTR HWY_INLINE Holds operator==(const Pair& a, double b) { return a.hi == b; }

  friend HWY_ATTR HWY_INLINE Pair Select(const Holds& mask, const Pair& yes, const Pair& no) {
    return {Select(mask, yes.hi, no.hi), Select(mask, yes.lo, no.lo)};
  }
  friend HWY_ATTR HWY_INLINE Pair SelectOrZero(const Holds& mask, const Pair& yes) {
    return {SelectOrZero(mask, yes.hi), SelectOrZero(mask, yes.lo)};
  }
  // min(max(x, least), largest). A bound has the low part 0: that of x may be NaN.
  friend HWY_ATTR ACTFN_PIECE Pair Clamp(const Pair& x, double least, double largest) {
    const Lane c = Clamp(x.hi, least, largest);
    return {c, SelectOrZero(c == x.hi, x.lo)};
  }
};

// s 2^n for a whole number n that may exceed the exponents of doubles, so that no factor underflows
// before the last rounding. Lanes<double> need no scale, because float32 has a smaller range: their
// Scaled is N itself. Products and quotients have the errors of Pair's.
template <std::size_t K>
struct ScaledPair {
  Pair<K> s;
  Lanes<double, K> n;

  ScaledPair() = default;
  HWY_INLINE ScaledPair(const Pair<K>& a) : s(a), n(0.0) {}  // NOLINT: numbers convert
  HWY_INLINE ScaledPair(double a) : s(a), n(0.0) {}          // NOLINT
  HWY_INLINE ScaledPair(const Pair<K>& a, const Lanes<double, K>& b) : s(a), n(b) {}

  friend HWY_ATTR HWY_INLINE ScaledPair operator-(const ScaledPair& a) { return {-a.s, a.n}; }
  friend HWY_ATTR ACTFN_PIECE ScaledPair operator*(const ScaledPair& a, const ScaledPair& b) {
    return {a.s * b.s, a.n + b.n};
  }
  friend HWY_ATTR ACTFN_PIECE ScaledPair operator/(const ScaledPair& a, const ScaledPair& b) {
    return {a.s / b.s, a.n - b.n};
  }
  friend HWY_ATTR ACTFN_PIECE ScaledPair Select(const Mask<double, K>& mask, const ScaledPair& yes,
                                                const ScaledPair& no) {
    return {Select(mask, yes.s, no.s), Select(mask, yes.n, no.n)};
  }
  friend HWY_ATTR HWY_INLINE ScaledPair SelectOrZero(const Mask<double, K>& mask,
                                                     const ScaledPair& yes) {
    return {SelectOrZero(mask, yes.s), yes.n};
  }
};

// s 2^n as a Pair, exactly for results of at least 2^-960. Below, low bits are lost: it is for
// terms of sums with larger numbers. n < -1022 counts as -1022.
template <std::size_t K>
HWY_INLINE Lanes<double, K> Unscaled(const Lanes<double, K>& a) {
  return a;
}
template <std::size_t K>
ACTFN_PIECE Pair<K> Unscaled(const ScaledPair<K>& a) {
  const Lanes<double, K> unit = PowerOfTwo(a.n);
  return {a.s.hi * unit, a.s.lo * unit};
}

// hi + lo, or s 2^n, rounded to double. Error: 0.5 ulp; 0.5 ulp and 2^-53 of it if the result is
// subnormal. Overflow gives ±inf. Lanes stay as they are: storing them rounds to float32.
template <class T, std::size_t K>
HWY_INLINE Lanes<T, K> Round(const Lanes<T, K>& a) {
  return a;
}
template <std::size_t K>
HWY_INLINE Lanes<double, K> Round(const Pair<K>& a) {
  return a.hi + a.lo;
}
template <std::size_t K>
ACTFN_PIECE Lanes<double, K> Round(const ScaledPair<K>& a) {
  // By two factors, because 2^n may be out of range. Below n = -2044 the result is 0.
  const Lanes<double, K> n = Clamp(a.n, -2044, 2046);
  const Lanes<double, K> magic = 0x1.8p52;
  const Lanes<double, K> half = (n * 0.5 + magic) - magic;
  return (Round(a.s) * PowerOfTwo(half)) * PowerOfTwo(n - half);
}

// The constant hi + lo, as tools/coefficients.py splits it: exactly in Pair, hi in Lanes.
template <class N>
struct ConstantOf;
template <class T, std::size_t K>
struct ConstantOf<Lanes<T, K>> {
  static HWY_INLINE Lanes<T, K> Get(double hi, double /*lo*/) { return hi; }
};
template <std::size_t K>
struct ConstantOf<Pair<K>> {
  static HWY_INLINE Pair<K> Get(double hi, double lo) { return {hi, lo}; }
};
template <class N>
HWY_INLINE N Constant(double hi, double lo) {
  return ConstantOf<N>::Get(hi, lo);
}

template <class N>
using Scaled = typename N::Scaled;

// x as lanes: the high part of a Pair, exactly, with its sign of 0.
template <class T, std::size_t K>
HWY_INLINE Lanes<T, K> Leading(const Lanes<T, K>& a) {
  return a;
}
template <std::size_t K>
HWY_INLINE Lanes<double, K> Leading(const Pair<K>& a) {
  return a.hi;
}

// The lanes that N is made from and rounded to.
template <class N>
struct LaneOfType {
  using Type = N;
};
template <std::size_t K>
struct LaneOfType<Pair<K>> {
  using Type = Lanes<double, K>;
};
template <class N>
using LaneOf = typename LaneOfType<N>::Type;

template <std::size_t K>
HWY_INLINE Pair<K> AsPair(const Lanes<double, K>& a) {
  return a;
}
template <std::size_t K>
HWY_INLINE Pair<K> AsPair(const Pair<K>& a) {
  return a;
}

// (c + c_lo) x, rounded, for an x without a low part. Error 2^-52 | 0.5 ulp and 2^-50 ulp of
// float64. ±inf: ±inf if c_lo has the sign of c. ±0: ±0, by the sign of c. NaN: NaN.
template <std::size_t K>
HWY_INLINE Lanes<double, K> RoundedProduct(double c, double /*c_lo*/, const Lanes<double, K>& x) {
  return x * c;
}
template <std::size_t K>
HWY_INLINE Lanes<double, K> RoundedProduct(double c, double c_lo, const Pair<K>& x) {
  return Fma(x.hi, c, x.hi * c_lo);
}

// x > limit ? x : y, exactly; in Pair also x where x is ±0, because sums of pairs lose the sign of
// 0. inf: inf; -inf and NaN: y.
template <std::size_t K>
HWY_INLINE Lanes<double, K> ItselfBeyond(double limit, const Lanes<double, K>& x,
                                         const Lanes<double, K>& y) {
  return Select(x > limit, x, y);
}
template <std::size_t K>
HWY_INLINE Lanes<double, K> ItselfBeyond(double limit, const Pair<K>& x,
                                         const Lanes<double, K>& y) {
  return Select(Or(x.hi > limit, x.hi == 0), x.hi, y);
}

template <class N>
inline constexpr bool kIsPair = false;
template <std::size_t K>
inline constexpr bool kIsPair<Pair<K>> = true;

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
