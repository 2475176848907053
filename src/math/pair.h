// Numbers to compute float64 results with: unevaluated sums of two doubles, good to about 2^-100.
//
// A formula is written once, in N: Lanes<double> where results are float32 or 16-bit, whose last
// rounding is then nearly the only one, and Pair where they are float64.
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

// 2^n; n, a whole number, counts as -1022 where it is below and as 1023 where it is above.
template <std::size_t K>
ACTFN_PIECE Lanes<double, K> PowerOfTwo(const Lanes<double, K>& n) {
  // Adding 1.5 * 2^52 puts the whole number into the low bits.
  Lanes<double, K> r = Clamp(n, -1022, 1023) + (0x1.8p52 + 1023);
  for (std::size_t k = 0; k < K; ++k) {
    const auto bits = hn::BitCast(Tag<std::int64_t>(), r.v[k]);
    r.v[k] = hn::BitCast(Tag<double>(), hn::ShiftLeft<52>(bits));
  }
  return r;
}

template <std::size_t K>
struct ScaledPair;

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

  // a + b exactly; needs |a| >= |b| or a == 0.
  static HWY_INLINE Pair FastSum(const Lane& a, const Lane& b) {
    const Lane s = a + b;
    return {s, b - (s - a)};
  }
  // a + b exactly (Knuth).
  static HWY_INLINE Pair Sum(const Lane& a, const Lane& b) {
    const Lane s = a + b;
    const Lane t = s - a;
    return {s, (a - (s - t)) + (b - t)};
  }
  // a * b exactly, barring underflow.
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
  // The low part decides where the high one is the bound itself.
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
  // What is cut off loses its low part, which may be NaN.
  friend HWY_ATTR ACTFN_PIECE Pair Clamp(const Pair& x, double least, double most) {
    const Lane c = Clamp(x.hi, least, most);
    return {c, SelectOrZero(c == x.hi, x.lo)};
  }
};

// s * 2^n, where the whole number n may leave double's range: the last rounding, into subnormals
// too, happens once. In Lanes<double> the range of float32 leaves room: there Scaled is N itself.
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

// As an ordinary number, for use beside one that makes anything below 2^-1022 vanish.
template <std::size_t K>
HWY_INLINE Lanes<double, K> Beside(const Lanes<double, K>& a) {
  return a;
}
template <std::size_t K>
ACTFN_PIECE Pair<K> Beside(const ScaledPair<K>& a) {
  const Lanes<double, K> unit = PowerOfTwo(a.n);
  return {a.s.hi * unit, a.s.lo * unit};
}

// The one rounding to double; for float32 the store does it.
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
  // In halves: 2^n itself may be out of range. Below -2044 everything is 0.
  const Lanes<double, K> n = Clamp(a.n, -2044, 2046);
  const Lanes<double, K> magic = 0x1.8p52;
  const Lanes<double, K> half = (n * 0.5 + magic) - magic;
  return (Round(a.s) * PowerOfTwo(half)) * PowerOfTwo(n - half);
}

// A constant of more than 53 bits, as tools/coefficients.py splits it.
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

// The leading double alone, for what needs no more.
template <class T, std::size_t K>
HWY_INLINE Lanes<T, K> Leading(const Lanes<T, K>& a) {
  return a;
}
template <std::size_t K>
HWY_INLINE Lanes<double, K> Leading(const Pair<K>& a) {
  return a.hi;
}

// The lanes that N starts from and ends in.
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

// (c + c_lo) x, where x is a double: infinity and the sign of 0 pass, if c and c_lo have one sign.
template <std::size_t K>
HWY_INLINE Lanes<double, K> RoundedProduct(double c, double /*c_lo*/, const Lanes<double, K>& x) {
  return x * c;
}
template <std::size_t K>
HWY_INLINE Lanes<double, K> RoundedProduct(double c, double c_lo, const Pair<K>& x) {
  return Fma(x.hi, c, x.hi * c_lo);
}

// x / c
template <class N>
HWY_INLINE N Quotient(const N& x, double c) {
  return x / c;
}

// y, but x itself beyond the limit, and where x is 0, whose sign arithmetic on pairs loses.
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
