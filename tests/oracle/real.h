// Real numbers of 500 bits, by MPFR: enough for x - tanh(x) at the smallest normal float32.
#pragma once

#include <mpfr.h>

#include <utility>

namespace actfn::oracle {

class Real {
 public:
  static constexpr mpfr_prec_t kBits = 500;

  Real() { mpfr_init2(value_, kBits); }
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
