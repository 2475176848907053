// SPDX-License-Identifier: Apache-2.0
// A number together with its first and second derivative by x: an activation's definition,
// evaluated on jets, gives the truth for all three without anybody deriving anything by hand.
#pragma once

#include "oracle/real.h"

#include <vector>

namespace actfn::oracle {

struct Jet {
  Real v, d1, d2;

  Jet() : Jet(0.0) {}
  Jet(double value) : v(value), d1(0.0), d2(0.0) {}  // NOLINT: numbers convert
  Jet(Real value, Real first, Real second)
      : v(std::move(value)), d1(std::move(first)), d2(std::move(second)) {}

  static Jet Variable(double x) { return {Real(x), Real(1.0), Real(0.0)}; }
  static Jet FromDecimal(const char* text) { return {Real(text), Real(0.0), Real(0.0)}; }
  // A number of a definition that arrays of float32 read rounded to float32, as parameters.
  static Jet Single(double value) {
    return single() ? static_cast<double>(static_cast<float>(value)) : value;
  }
  static bool& single() {
    static thread_local bool is_single = true;
    return is_single;
  }
  static Jet Pi() { return {Real::Pi(), Real(0.0), Real(0.0)}; }
  // Where this thread's comparisons leave their results, in turn; null: they leave none.
  static std::vector<bool>*& way() {
    static thread_local std::vector<bool>* kept = nullptr;
    return kept;
  }
};

// f(u) where f, f' and f'' at u.v are given: the chain rule.
inline Jet chain(const Jet& u, const Real& f, const Real& f1, const Real& f2) {
  return {f, f1 * u.d1, f2 * u.d1 * u.d1 + f1 * u.d2};
}

inline Jet operator+(const Jet& a, const Jet& b) { return {a.v + b.v, a.d1 + b.d1, a.d2 + b.d2}; }
inline Jet operator-(const Jet& a, const Jet& b) { return {a.v - b.v, a.d1 - b.d1, a.d2 - b.d2}; }
inline Jet operator-(const Jet& a) { return {-a.v, -a.d1, -a.d2}; }
inline Jet operator*(const Jet& a, const Jet& b) {
  return {a.v * b.v, a.d1 * b.v + a.v * b.d1, a.d2 * b.v + Real(2.0) * a.d1 * b.d1 + a.v * b.d2};
}
inline Jet reciprocal(const Jet& a) {
  const Real r = Real(1.0) / a.v;
  return chain(a, r, -(r * r), Real(2.0) * r * r * r);
}
inline Jet operator/(const Jet& a, const Jet& b) { return a * reciprocal(b); }

inline bool operator<(const Jet& a, const Jet& b) {
  const bool less = a.v.compare(b.v) < 0;
  if (Jet::way() != nullptr) Jet::way()->push_back(less);
  return less;
}
inline bool operator>(const Jet& a, const Jet& b) { return b < a; }
inline bool operator<=(const Jet& a, const Jet& b) { return !(b < a); }
inline bool operator>=(const Jet& a, const Jet& b) { return !(a < b); }

inline Jet exp(const Jet& a) {
  const Real e = a.v.map(mpfr_exp);
  return chain(a, e, e, e);
}
inline Jet expm1(const Jet& a) {
  const Real e = a.v.map(mpfr_exp);
  return chain(a, a.v.map(mpfr_expm1), e, e);
}
// NaN below 0, with its derivatives; at 0 these are the limits.
inline Jet log(const Jet& a) {
  const Real v = a.v.map(mpfr_log);
  if (a.v.compare(Real(0.0)) < 0) return {v, v, v};
  return {v, a.d1 / a.v, (a.d2 * a.v - a.d1 * a.d1) / (a.v * a.v)};
}
inline Jet log1p(const Jet& a) {
  const Real r = Real(1.0) / (Real(1.0) + a.v);
  return chain(a, a.v.map(mpfr_log1p), r, -(r * r));
}
inline Jet sqrt(const Jet& a) {
  const Real s = a.v.map(mpfr_sqrt);
  return chain(a, s, Real(0.5) / s, Real(-0.25) / (s * a.v));
}
inline Jet tanh(const Jet& a) {
  const Real t = a.v.map(mpfr_tanh);
  const Real sech = a.v.map(mpfr_sech);
  const Real slope = sech * sech;
  return chain(a, t, slope, Real(-2.0) * t * slope);
}
inline Jet sin(const Jet& a) {
  const Real s = a.v.map(mpfr_sin);
  return chain(a, s, a.v.map(mpfr_cos), -s);
}
inline Jet atan(const Jet& a) {
  const Real slope = Real(1.0) / (Real(1.0) + a.v * a.v);
  return chain(a, a.v.map(mpfr_atan), slope, Real(-2.0) * a.v * slope * slope);
}
inline Jet erf(const Jet& a) {
  const Real bell = (-(a.v * a.v)).map(mpfr_exp);
  const Real slope = Real(2.0) / Real::Pi().map(mpfr_sqrt) * bell;
  return chain(a, a.v.map(mpfr_erf), slope, Real(-2.0) * a.v * slope);
}
inline Jet erfc(const Jet& a) {
  const Real bell = (-(a.v * a.v)).map(mpfr_exp);
  const Real slope = Real(-2.0) / Real::Pi().map(mpfr_sqrt) * bell;
  return chain(a, a.v.map(mpfr_erfc), slope, Real(-2.0) * a.v * slope);
}

}  // namespace actfn::oracle
