// SPDX-License-Identifier: Apache-2.0
// The derivatives of activations by their learnable parameters, from formulas in MPFR.
#pragma once

#include <actfn/activation.h>

#include <cmath>
#include <cstddef>
#include <variant>
#include <vector>

#include "oracle/real.h"

namespace actfn::testing {

using oracle::Real;

inline bool is_positive(const Real& x) { return x.compare(Real(0.0)) > 0; }

inline Real sech_squared(const Real& x) {
  const Real sech = x.map(mpfr_sech);
  return sech * sech;
}

// df/dp_k(x), by the formulas.
struct Formula {
  std::size_t k;
  Real x;

  Real operator()(const LeakyRelu& /*f*/) const { return is_positive(x) ? Real(0.0) : x; }
  Real operator()(const Elu& /*f*/) const { return is_positive(x) ? Real(0.0) : x.map(mpfr_expm1); }
  Real operator()(const DynamicTanh& f) const { return x * sech_squared(Real(f.alpha) * x); }
  Real operator()(const Derf& f) const {
    const Real z = Real(f.alpha) * x + Real(f.shift);
    const Real slope = Real(2.0) / Real::Pi().map(mpfr_sqrt) * (-(z * z)).map(mpfr_exp);
    return k == 0 ? x * slope : slope;
  }
  Real operator()(const PenalizedTanh& /*f*/) const {
    return is_positive(x) ? Real(0.0) : x.map(mpfr_tanh);
  }
  Real operator()(const StarRelu& /*f*/) const {
    if (k == 1) return Real(1.0);
    return is_positive(x) ? x * x : Real(0.0);
  }
  Real operator()(const Celu& f) const {
    if (is_positive(x)) return Real(0.0);
    const Real z = x / Real(f.alpha);
    return z.map(mpfr_expm1) - z * z.map(mpfr_exp);
  }
  Real operator()(const Swish& f) const {
    const Real z = Real(f.beta) * x;
    const Real e = (is_positive(z) ? -z : z).map(mpfr_exp);
    const Real one = Real(1.0) + e;
    return x * x * e / (one * one);
  }
  Real operator()(const Snake& f) const {
    if (f.alpha == 0) return x * x;
    const Real a(f.alpha);
    const Real sine = (a * x).map(mpfr_sin);
    return x * (Real(2.0) * a * x).map(mpfr_sin) / a - sine * sine / (a * a);
  }
  Real operator()(const SnakeBeta& f) const {
    const Real ratio = (Real(f.alpha) * x).map(mpfr_sin) / Real(f.beta);
    if (k == 1) return -(ratio * ratio);
    return x * (Real(2.0) * Real(f.alpha) * x).map(mpfr_sin) / Real(f.beta);
  }
  Real operator()(const Rational& f) const {
    const Real p = horner({f.a0, f.a1, f.a2, f.a3, f.a4, f.a5});
    const Real s = horner({0, f.b1, f.b2, f.b3, f.b4});
    const bool above = is_positive(s), below = is_positive(-s);
    const Real q = Real(1.0) + (below ? -s : s);
    if (k < 6) return power(k) / q;
    if (!above && !below) return Real(0.0);
    const Real slope = p * power(k - 5) / (q * q);
    return above ? -slope : slope;
  }
  Real operator()(const Xielu& f) const {
    if (k == 2) return x;
    if (k == 0) return is_positive(x) ? x * x : Real(0.0);
    if (is_positive(x)) return Real(0.0);
    const Real least = x.compare(Real(f.eps)) < 0 ? x : Real(f.eps);
    return least.map(mpfr_expm1) - x;
  }
  template <class A>
  Real operator()(const A& /*f*/) const {
    return Real(NAN);
  }

  Real power(std::size_t n) const {
    Real y(1.0);
    for (; n > 0; --n) y = y * x;
    return y;
  }
  // c[0] + c[1] x + …
  Real horner(const std::vector<double>& c) const {
    Real sum(0.0);
    for (auto at = c.rbegin(); at != c.rend(); ++at) sum = sum * x + Real(*at);
    return sum;
  }
};

inline Real truth(const Activation& f, std::size_t k, double x, mpfr_prec_t bits) {
  mpfr_set_emax(mpfr_get_emax_max() / 4);
  mpfr_set_emin(mpfr_get_emin_min());
  Real::bits() = bits;
  return std::visit(Formula{k, Real(x)}, f);
}

}  // namespace actfn::testing
