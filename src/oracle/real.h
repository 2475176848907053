// SPDX-License-Identifier: Apache-2.0
// Real numbers by MPFR, of as many bits as the thread asks for.
#pragma once

#include <mpfr.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace actfn::oracle {

class Real {
 public:
  // Of numbers made from here on, by this thread.
  static mpfr_prec_t& bits() {
    static thread_local OfThread local;
    return local.bits;
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
  // What to_double() takes away, in units of the spacing there.
  double rest() const {
    const double rounded = to_double();
    if (!std::isfinite(rounded)) return 0;
    Real r;
    mpfr_sub_d(r.value_, value_, rounded, MPFR_RNDN);
    const int exponent = rounded == 0 ? -1022 : std::max(std::ilogb(rounded), -1022);
    mpfr_mul_2si(r.value_, r.value_, 52 - exponent, MPFR_RNDN);
    return r.to_double();
  }
  // Of numbers too small for to_double(), too; 0 of what is no number or is 0.
  mpfr_exp_t exponent() const { return mpfr_regular_p(value_) != 0 ? mpfr_get_exp(value_) : 0; }
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
  struct OfThread {
    OfThread() = default;
    OfThread(const OfThread&) = delete;
    OfThread& operator=(const OfThread&) = delete;
    ~OfThread() { mpfr_free_cache2(MPFR_FREE_LOCAL_CACHE); }  // which MPFR keeps for each thread

    mpfr_prec_t bits = 500;
  };

  mpfr_t value_;
};

inline Real operator+(const Real& a, const Real& b) { return a.map(mpfr_add, b); }
inline Real operator-(const Real& a, const Real& b) { return a.map(mpfr_sub, b); }
inline Real operator*(const Real& a, const Real& b) { return a.map(mpfr_mul, b); }
inline Real operator/(const Real& a, const Real& b) { return a.map(mpfr_div, b); }
inline Real operator-(const Real& a) { return a.map(mpfr_neg); }

}  // namespace actfn::oracle
