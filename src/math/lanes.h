// SPDX-License-Identifier: Apache-2.0
// The lanes of K vectors: the type that formulas are written in. The instructions of two or four
// vectors overlap, which hides their latency.
//
// Only + - * / sqrt fma and integer operations decide the bits of the library's results. Each is
// correctly rounded, so all instruction sets agree. This file is included once per instruction set,
// as Highway's -inl.h files are.
//
// The comments of src/math have one form: what a function returns, then the points that matter of
//
// - Error a | b: the largest relative error in Lanes<double> | in Pair, before the result is
//   rounded to the type of the data; a single number is that in Lanes<float>. "Measured" is the
//   largest error at 600,000 random points or more, against 113-bit arithmetic, half of them
//   uniform in the range and half uniform in the exponent. "Estimated" is neither measured nor
//   proven. Otherwise it is a bound.
// - Range: the arguments for which this holds.
// - ±inf, ±0: the results for these, where the range or the formula does not say it.
// - NaN: "unspecified" means any number or NaN. The loops (kernels/loops.h) give NaN where x is
//   NaN.
#if defined(ACTFN_MATH_LANES_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_LANES_H_
#undef ACTFN_MATH_LANES_H_
#else
#define ACTFN_MATH_LANES_H_
#endif

#include <hwy/highway.h>
#include <cmath>
#include <cstdint>
#include <limits>

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {  // names of its own in every file: smaller objects
namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_EMU128
// Doubles one by one: its vectors are loops in any case, and loops of one vanish.
template <class T>
using Tag = hn::CappedTag<T, 8 / sizeof(T)>;
#else
template <class T>
using Tag = hn::ScalableTag<T>;
#endif

// For longer pieces of formulas. They are not inlined where fused multiply-adds are emulated: that
// is slow anyway, and code size matters more.
#undef ACTFN_PIECE
#if HWY_NATIVE_FMA
#define ACTFN_PIECE HWY_INLINE
#else
#define ACTFN_PIECE HWY_NOINLINE
#endif
// For the longest ones, on pairs: they take far longer than a call.
#undef ACTFN_LONG_PIECE
#define ACTFN_LONG_PIECE HWY_NOINLINE

// For each lane, whether a comparison holds.
template <class T, std::size_t K>
struct Mask {
  HWY_INLINE Mask() {}  // not by default: for ARM, GCC then forgets the target
  hn::Mask<Tag<T>> m[K];
};

#if !HWY_NATIVE_FMA
// a * b + c with one rounding. Not inlined, because formulas have dozens of them.
template <class T>
HWY_NOINLINE hn::Vec<Tag<T>> EmulatedFma(hn::Vec<Tag<T>> a, hn::Vec<Tag<T>> b, hn::Vec<Tag<T>> c) {
  const Tag<T> d;
  constexpr std::size_t kLanes = hn::MaxLanes(d);
  HWY_ALIGN T x[kLanes], y[kLanes], z[kLanes];
  hn::Store(a, d, x);
  hn::Store(b, d, y);
  hn::Store(c, d, z);
  for (std::size_t i = 0; i < kLanes; ++i) z[i] = std::fma(x[i], y[i], z[i]);
  return hn::Load(d, z);
}
#endif

// HWY_ATTR: GCC forgets the target of functions that are defined in a class template as friends.
template <class T, std::size_t K>
struct Lanes {
  using Scaled = Lanes;  // see pair.h
  using Whole = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
  using Holds = Mask<T, K>;

  hn::Vec<Tag<T>> v[K];

  Lanes() = default;
  HWY_INLINE Lanes(double c) {  // NOLINT(google-explicit-constructor): numbers convert
    for (std::size_t k = 0; k < K; ++k) v[k] = hn::Set(Tag<T>(), static_cast<T>(c));
  }
  static constexpr std::size_t Count() { return K * hn::MaxLanes(Tag<T>()); }

  friend HWY_ATTR HWY_INLINE Lanes operator+(const Lanes& a, const Lanes& b) {
    Lanes r;
    for (std::size_t k = 0; k < K; ++k) r.v[k] = hn::Add(a.v[k], b.v[k]);
    return r;
  }
  friend HWY_ATTR HWY_INLINE Lanes operator-(const Lanes& a, const Lanes& b) {
    Lanes r;
    for (std::size_t k = 0; k < K; ++k) r.v[k] = hn::Sub(a.v[k], b.v[k]);
    return r;
  }
  friend HWY_ATTR HWY_INLINE Lanes operator-(const Lanes& a) {
    Lanes r;
    for (std::size_t k = 0; k < K; ++k) r.v[k] = hn::Neg(a.v[k]);
    return r;
  }
  friend HWY_ATTR HWY_INLINE Lanes operator*(const Lanes& a, const Lanes& b) {
    Lanes r;
    for (std::size_t k = 0; k < K; ++k) r.v[k] = hn::Mul(a.v[k], b.v[k]);
    return r;
  }
  friend HWY_ATTR HWY_INLINE Lanes operator/(const Lanes& a, const Lanes& b) {
    Lanes r;
    for (std::size_t k = 0; k < K; ++k) r.v[k] = hn::Div(a.v[k], b.v[k]);
    return r;
  }
  friend HWY_ATTR HWY_INLINE Lanes Sqrt(const Lanes& a) {
    Lanes r;
    for (std::size_t k = 0; k < K; ++k) r.v[k] = hn::Sqrt(a.v[k]);
    return r;
  }
  friend HWY_ATTR HWY_INLINE Lanes Abs(const Lanes& a) {
    Lanes r;
    for (std::size_t k = 0; k < K; ++k) r.v[k] = hn::Abs(a.v[k]);
    return r;
  }
  friend HWY_ATTR HWY_INLINE Lanes CopySign(const Lanes& magnitude, const Lanes& sign) {
    Lanes r;
    for (std::size_t k = 0; k < K; ++k) r.v[k] = hn::CopySign(magnitude.v[k], sign.v[k]);
    return r;
  }
  // The same for a magnitude that has no sign yet, or the sign already.
  friend HWY_ATTR HWY_INLINE Lanes WithSign(const Lanes& magnitude, const Lanes& sign) {
    Lanes r;
    for (std::size_t k = 0; k < K; ++k) r.v[k] = hn::CopySignToAbs(magnitude.v[k], sign.v[k]);
    return r;
  }
  // The smaller and the larger. Of NaN and a number, and of 0 and -0, instruction sets return
  // different ones: results must not depend on it.
  friend HWY_ATTR HWY_INLINE Lanes Min(const Lanes& a, const Lanes& b) {
    Lanes r;
    for (std::size_t k = 0; k < K; ++k) r.v[k] = hn::Min(a.v[k], b.v[k]);
    return r;
  }
  friend HWY_ATTR HWY_INLINE Lanes Max(const Lanes& a, const Lanes& b) {
    Lanes r;
    for (std::size_t k = 0; k < K; ++k) r.v[k] = hn::Max(a.v[k], b.v[k]);
    return r;
  }
  friend HWY_ATTR HWY_INLINE Holds operator<(const Lanes& a, const Lanes& b) {
    Holds r;
    for (std::size_t k = 0; k < K; ++k) r.m[k] = hn::Lt(a.v[k], b.v[k]);
    return r;
  }
  friend HWY_ATTR HWY_INLINE Holds operator<=(const Lanes& a, const Lanes& b) {
    Holds r;
    for (std::size_t k = 0; k < K; ++k) r.m[k] = hn::Le(a.v[k], b.v[k]);
    return r;
  }
  friend HWY_ATTR HWY_INLINE Holds operator==(const Lanes& a, const Lanes& b) {
    Holds r;
    for (std::size_t k = 0; k < K; ++k) r.m[k] = hn::Eq(a.v[k], b.v[k]);
    return r;
  }
  friend HWY_ATTR HWY_INLINE Holds operator>(const Lanes& a, const Lanes& b) { return b < a; }
  friend HWY_ATTR HWY_INLINE Holds operator>=(const Lanes& a, const Lanes& b) { return b <= a; }

  // mask ? yes : no
  friend HWY_ATTR HWY_INLINE Lanes Select(const Holds& mask, const Lanes& yes, const Lanes& no) {
    Lanes r;
    for (std::size_t k = 0; k < K; ++k) r.v[k] = hn::IfThenElse(mask.m[k], yes.v[k], no.v[k]);
    return r;
  }
  // mask ? yes : 0
  friend HWY_ATTR HWY_INLINE Lanes SelectOrZero(const Holds& mask, const Lanes& yes) {
    Lanes r;
    for (std::size_t k = 0; k < K; ++k) r.v[k] = hn::IfThenElseZero(mask.m[k], yes.v[k]);
    return r;
  }
  // a * b + c with one rounding, also if the instruction set has no fused multiply-add.
  friend HWY_ATTR HWY_INLINE Lanes Fma(const Lanes& a, const Lanes& b, const Lanes& c) {
    Lanes r;
    for (std::size_t k = 0; k < K; ++k) {
#if HWY_NATIVE_FMA
      r.v[k] = hn::MulAdd(a.v[k], b.v[k], c.v[k]);
#else
      r.v[k] = EmulatedFma<T>(a.v[k], b.v[k], c.v[k]);
#endif
    }
    return r;
  }
  // a * b - c with one rounding.
  friend HWY_ATTR HWY_INLINE Lanes FmaSub(const Lanes& a, const Lanes& b, const Lanes& c) {
#if HWY_NATIVE_FMA
    Lanes r;
    for (std::size_t k = 0; k < K; ++k) r.v[k] = hn::MulSub(a.v[k], b.v[k], c.v[k]);
    return r;
#else
    return Fma(a, b, -c);
#endif
  }
  // c - a * b with one rounding.
  friend HWY_ATTR HWY_INLINE Lanes NegFma(const Lanes& a, const Lanes& b, const Lanes& c) {
#if HWY_NATIVE_FMA
    Lanes r;
    for (std::size_t k = 0; k < K; ++k) r.v[k] = hn::NegMulAdd(a.v[k], b.v[k], c.v[k]);
    return r;
#else
    return Fma(-a, b, c);
#endif
  }
};

template <class T, std::size_t K>
HWY_INLINE Mask<T, K> And(const Mask<T, K>& a, const Mask<T, K>& b) {
  Mask<T, K> r;
  for (std::size_t k = 0; k < K; ++k) r.m[k] = hn::And(a.m[k], b.m[k]);
  return r;
}

template <class T, std::size_t K>
HWY_INLINE Mask<T, K> Or(const Mask<T, K>& a, const Mask<T, K>& b) {
  Mask<T, K> r;
  for (std::size_t k = 0; k < K; ++k) r.m[k] = hn::Or(a.m[k], b.m[k]);
  return r;
}

template <class T, std::size_t K>
HWY_INLINE bool AllOf(const Mask<T, K>& a) {
  auto all = a.m[0];
  for (std::size_t k = 1; k < K; ++k) all = hn::And(all, a.m[k]);
  return hn::AllTrue(Tag<T>(), all);
}

template <class T, std::size_t K>
HWY_INLINE bool AnyOf(const Mask<T, K>& a) {
  for (std::size_t k = 0; k < K; ++k) {
    if (!hn::AllFalse(Tag<T>(), a.m[k])) return true;
  }
  return false;
}

// min(max(x, lo), hi), exactly. NaN: unspecified, lo on x86.
template <class N>
HWY_INLINE N Clamp(const N& x, double lo, double hi) {
  return Min(Max(x, N(lo)), N(hi));
}

// x, exactly; ±inf: ± the largest finite number, so that 0 times it is 0. NaN: unspecified.
template <class T, std::size_t K>
HWY_INLINE Lanes<T, K> Finite(const Lanes<T, K>& x) {
  const double largest = std::numeric_limits<T>::max();
  return Clamp(x, -largest, largest);
}

// (hi + lo) n / d for |lo| <= ulp(hi). Error: 0.5 ulp of T and 2^-20 ulp. ±inf, NaN: as in
// products.
template <class T, std::size_t K>
HWY_INLINE Lanes<T, K> TimesFraction(const Lanes<T, K>& hi, const Lanes<T, K>& lo, int n, int d) {
  const double fraction = static_cast<double>(n) / d;
  const double rounded = static_cast<double>(static_cast<T>(fraction));
  // n / d - rounded. The fused multiply-add gives the remainder exactly.
  const double rest = -std::fma(rounded, d, -n) / d;
  return Fma(hi, rounded, Fma(lo, rounded, hi * rest));
}

// c[0] + c[1] x + c[2] x^2 + …: Horner's scheme in x^2 on pairs of terms, which has half the
// latency of that in x. ±inf and NaN: as in products and sums.
template <std::size_t n, class N>
ACTFN_PIECE N Polynomial(const N& x, const double (&c)[n]) {
  const N square = x * x;
  N sum = n % 2 == 1 ? N(c[n - 1]) : Fma(N(c[n - 1]), x, N(c[n - 2]));
  for (std::size_t i = n - 2 + n % 2; i >= 2; i -= 2) {
    sum = Fma(sum, square, Fma(N(c[i - 1]), x, N(c[i - 2])));
  }
  return sum;
}

// c[first] + c[first + 1] x + …, by Horner's scheme. ±inf and NaN: as in products and sums.
template <std::size_t first, std::size_t n, class N>
ACTFN_PIECE N PolynomialFrom(const N& x, const double (&c)[n]) {
  N sum = c[n - 1];
  for (std::size_t i = n - 1; i > first; --i) sum = Fma(sum, x, c[i - 1]);
  return sum;
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
