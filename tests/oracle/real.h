// Real numbers of any precision, by MPFR.
#pragma once

#include <mpfr.h>

#include <utility>

namespace actfn::oracle {

class Real {
 public:
  // Of the numbers made from now on.
  static mpfr_prec_t& bits() {
    static thread_local mpfr_prec_t bits = 500;
    return bits;
  }

  Real() { mpfr_init2(value_, bits()); }
  Real(double v) : Real() { mpfr_set_d(value_, v, MPFR_RNDN); }  // NOLINT: numbers convert
  explicit Real(const char* decimal) : Real() { mpfr_set_str(value_, decimal, 10, MPFR_RNDN); }
  Real(const Real& other) : Real() { mpfr_set(value_, other.value_, MPFR_RNDN); }
  Real& operator=(const Real& other) {
    if (this != &other) mpfr_set(value_, other.value_, MPFR_RNDN);
    return *this;
  }
  ~Real() { mpfr_clear(value_); }

  static Real Pi() {
    Real r;
    mpfr_const_pi(r.value_, MPFR_RNDN);
    return r;
  }

  double to_double() const { return mpfr_get_d(value_, MPFR_RNDN); }
  double rest() const {
    Real r;
    mpfr_sub_d(r.value_, value_, to_double(), MPFR_RNDN);
    return r.to_double();
  }
  int compare(const Real& other) const { return mpfr_cmp(value_, other.value_); }

  using Unary = int (*)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);
  using Binary = int (*)(mpfr_ptr, mpfr_srcptr, mpfr_srcptr, mpfr_rnd_t);
  Real map(Unary f) const {
    Real r;
    f(r.value_, value_, MPFR_RNDN);
    return r;
  }
  Real map(Unary f, mpfr_prec_t precision) const {
    Real r;
    mpfr_set_prec(r.value_, precision);
    f(r.value_, value_, MPFR_RNDN);
    return r;
  }
  Real map(Binary f, const Real& other) const {
    Real r;
    f(r.value_, value_, other.value_, MPFR_RNDN);
    return r;
  }

 private:
  mpfr_t value_;
};

inline Real operator+(const Real& a, const Real& b) { return a.map(mpfr_add, b); }
inline Real operator-(const Real& a, const Real& b) { return a.map(mpfr_sub, b); }
inline Real operator*(const Real& a, const Real& b) { return a.map(mpfr_mul, b); }
inline Real operator/(const Real& a, const Real& b) { return a.map(mpfr_div, b); }
inline Real operator-(const Real& a) { return a.map(mpfr_neg); }

}  // namespace actfn::oracle
