// SPDX-License-Identifier: Apache-2.0
// Lanes that carry how exact the results of a call are to be, as another N for formulas: the pieces
// of src/math have overloads for them, and their arithmetic is that of the lanes.
#if defined(ACTFN_MATH_MARKED_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_MARKED_H_
#undef ACTFN_MATH_MARKED_H_
#else
#define ACTFN_MATH_MARKED_H_
#endif

#include "math/pair.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

enum class Mark { fast, half, precise };

template <class T, std::size_t K, Mark mark>
struct Marked {
  using Lane = Lanes<T, K>;
  using Holds = Mask<T, K>;
  using Scaled = Marked;

  Lane v;

  Marked() = default;
  HWY_INLINE Marked(double c) : v(c) {}  // NOLINT(google-explicit-constructor): numbers convert
  explicit HWY_INLINE Marked(const Lane& a) : v(a) {}
  static constexpr std::size_t Count() { return Lane::Count(); }

  friend HWY_ATTR HWY_INLINE Marked operator+(const Marked& a, const Marked& b) {
    return Marked(a.v + b.v);
  }
  friend HWY_ATTR HWY_INLINE Marked operator-(const Marked& a, const Marked& b) {
    return Marked(a.v - b.v);
  }
  friend HWY_ATTR HWY_INLINE Marked operator-(const Marked& a) { return Marked(-a.v); }
  friend HWY_ATTR HWY_INLINE Marked operator*(const Marked& a, const Marked& b) {
    return Marked(a.v * b.v);
  }
  friend HWY_ATTR HWY_INLINE Marked operator/(const Marked& a, const Marked& b) {
    return Marked(a.v / b.v);
  }
  friend HWY_ATTR HWY_INLINE Marked Sqrt(const Marked& a) { return Marked(Sqrt(a.v)); }
  friend HWY_ATTR HWY_INLINE Marked Abs(const Marked& a) { return Marked(Abs(a.v)); }
  friend HWY_ATTR HWY_INLINE Marked CopySign(const Marked& magnitude, const Marked& sign) {
    return Marked(CopySign(magnitude.v, sign.v));
  }
  friend HWY_ATTR HWY_INLINE Marked WithSign(const Marked& magnitude, const Marked& sign) {
    return Marked(WithSign(magnitude.v, sign.v));
  }
  friend HWY_ATTR HWY_INLINE Marked Min(const Marked& a, const Marked& b) {
    return Marked(Min(a.v, b.v));
  }
  friend HWY_ATTR HWY_INLINE Marked Max(const Marked& a, const Marked& b) {
    return Marked(Max(a.v, b.v));
  }
  friend HWY_ATTR HWY_INLINE Holds operator<(const Marked& a, const Marked& b) { return a.v < b.v; }
  friend HWY_ATTR HWY_INLINE Holds operator<=(const Marked& a, const Marked& b) {
    return a.v <= b.v;
  }
  friend HWY_ATTR HWY_INLINE Holds operator==(const Marked& a, const Marked& b) {
    return a.v == b.v;
  }
  friend HWY_ATTR HWY_INLINE Holds operator>(const Marked& a, const Marked& b) { return b.v < a.v; }
  friend HWY_ATTR HWY_INLINE Holds operator>=(const Marked& a, const Marked& b) {
    return b.v <= a.v;
  }
  friend HWY_ATTR HWY_INLINE Marked Select(const Holds& mask, const Marked& yes, const Marked& no) {
    return Marked(Select(mask, yes.v, no.v));
  }
  friend HWY_ATTR HWY_INLINE Marked SelectOrZero(const Holds& mask, const Marked& yes) {
    return Marked(SelectOrZero(mask, yes.v));
  }
  friend HWY_ATTR HWY_INLINE Marked Fma(const Marked& a, const Marked& b, const Marked& c) {
    return Marked(Fma(a.v, b.v, c.v));
  }
  friend HWY_ATTR HWY_INLINE Marked FmaSub(const Marked& a, const Marked& b, const Marked& c) {
    return Marked(FmaSub(a.v, b.v, c.v));
  }
  friend HWY_ATTR HWY_INLINE Marked NegFma(const Marked& a, const Marked& b, const Marked& c) {
    return Marked(NegFma(a.v, b.v, c.v));
  }
};

template <class T, std::size_t K, Mark mark>
HWY_INLINE Marked<T, K, mark> Finite(const Marked<T, K, mark>& x) {
  return Marked<T, K, mark>(Finite(x.v));
}
template <class T, std::size_t K, Mark mark>
HWY_INLINE Marked<T, K, mark> TimesFraction(const Marked<T, K, mark>& hi,
                                            const Marked<T, K, mark>& lo, int n, int d) {
  return Marked<T, K, mark>(TimesFraction(hi.v, lo.v, n, d));
}
template <class T, std::size_t K, Mark mark>
HWY_INLINE Marked<T, K, mark> Unscaled(const Marked<T, K, mark>& a) {
  return a;
}
template <class T, std::size_t K, Mark mark>
HWY_INLINE Marked<T, K, mark> Round(const Marked<T, K, mark>& a) {
  return a;
}
template <class T, std::size_t K, Mark mark>
HWY_INLINE Marked<T, K, mark> Leading(const Marked<T, K, mark>& a) {
  return a;
}
template <class T, std::size_t K, Mark mark>
struct ConstantOf<Marked<T, K, mark>> {
  static HWY_INLINE Marked<T, K, mark> Get(double hi, double /*lo*/) { return hi; }
};
template <std::size_t K, Mark mark>
HWY_INLINE Pair<K> AsPair(const Marked<double, K, mark>& a) {
  return a.v;
}
template <class T, std::size_t K, Mark mark>
HWY_INLINE Marked<T, K, mark> RoundedProduct(double c, double c_lo, const Marked<T, K, mark>& x) {
  return Marked<T, K, mark>(RoundedProduct(c, c_lo, x.v));
}
template <class T, std::size_t K, Mark mark>
HWY_INLINE Marked<T, K, mark> ItselfBeyond(double limit, const Marked<T, K, mark>& x,
                                           const Marked<T, K, mark>& y) {
  return Select(x > limit, x, y);
}

// The lanes of an N, whatever it is.
template <class T, std::size_t K>
HWY_INLINE Lanes<T, K> Plain(const Lanes<T, K>& a) {
  return a;
}
template <class T, std::size_t K, Mark mark>
HWY_INLINE Lanes<T, K> Plain(const Marked<T, K, mark>& a) {
  return a.v;
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
