// SPDX-License-Identifier: Apache-2.0
#include "oracle/oracle.h"

#include <hwy/highway.h>

#include <array>
#include <cmath>
#include <limits>

#include "catalogue/lists.h"
#include "kernels/evaluator.h"
#include "kernels/formulas.h"
#include "kernels/nearest.h"
#include "oracle/jet.h"
#include "oracle/reference.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {
#include "all_activations.inc"
}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

namespace actfn::oracle {

Jet reference(const Activation& f, const Jet& x) {
  return std::visit([&x]<class A>(const A& p) { return HWY_NAMESPACE::Math<A>::Reference(p, x); },
                    f);
}

namespace {

// What cancels is lost below the last bit: these are enough for results down to the smallest
// subnormal, as x - tanh(x) and sqrt(x^2 + b) + x have them at either end of the range.
constexpr mpfr_prec_t kSingleBits = 500;
constexpr mpfr_prec_t kDoubleBits = 2500;
// Where these two agree, the larger is enough; a tenth of the time.
constexpr mpfr_prec_t kFewBits[] = {250, 400};
// Enough to compare, and to tell 0 from what is not.
constexpr mpfr_prec_t kPieceBits = 128;

struct Evaluation {
  Truth truth;
  std::array<mpfr_exp_t, 3> exponents;
};

// e^(10^15) need not overflow; what does not overflow has a reciprocal, its square and its cube.
void set_range() {
  mpfr_set_emax(mpfr_get_emax_max() / 4);
  mpfr_set_emin(mpfr_get_emin_min());
}

Evaluation evaluate(const Activation& activation, double x, mpfr_prec_t bits) {
  set_range();
  mpfr_clear_overflow();
  Real::bits() = bits;
  const Jet variable = Jet::Variable(x);
  const Jet y = reference(activation, variable);
  if (mpfr_overflow_p() != 0) return {{NAN, NAN, NAN, 0, 0, 0}, {}};
  return {
      {y.v.to_double(), y.d1.to_double(), y.d2.to_double(), y.v.rest(), y.d1.rest(), y.d2.rest()},
      {y.v.exponent(), y.d1.exponent(), y.d2.exponent()}};
}

struct Part {
  double Truth::*nearest;
  double Truth::*rest;
};
constexpr std::array kParts = {Part{&Truth::value, &Truth::value_rest},
                               Part{&Truth::first, &Truth::first_rest},
                               Part{&Truth::second, &Truth::second_rest}};

// A 0 itself, unlike what is too small for a double, may be what has cancelled.
bool agree(const Evaluation& a, const Evaluation& b) {
  for (std::size_t i = 0; i < kParts.size(); ++i) {
    const double x = a.truth.*kParts[i].nearest;
    const double y = b.truth.*kParts[i].nearest;
    if (std::isnan(x) && std::isnan(y)) continue;
    const double apart = std::abs(a.truth.*kParts[i].rest - b.truth.*kParts[i].rest);
    const bool cancelled = x == 0 && (a.exponents[i] == 0 || a.exponents[i] != b.exponents[i]);
    if (x != y || apart > 0x1p-20 || cancelled) return false;
  }
  return true;
}

}  // namespace

Truth truth(const Activation& activation, float x) {
  Jet::single() = true;
  return evaluate(functions::rounded_to_float32(activation), static_cast<double>(x), kSingleBits)
      .truth;
}

Truth truth(const Activation& activation, double x) {
  Jet::single() = false;
  const Evaluation rough = evaluate(activation, x, kFewBits[0]);
  const Evaluation finer = evaluate(activation, x, kFewBits[1]);
  return agree(rough, finer) ? finer.truth : evaluate(activation, x, kDoubleBits).truth;
}

Piece piece_at(const Activation& activation, double x) {
  Jet::single() = false;
  set_range();
  Real::bits() = kPieceBits;
  Piece piece;
  Jet::way() = &piece.way;
  const Jet y = reference(activation, Jet::Variable(x));
  Jet::way() = nullptr;
  piece.flat = y.d1.compare(Real(0.0)) == 0;
  piece.straight = y.d2.compare(Real(0.0)) == 0;
  return piece;
}

bool thread_safe() { return mpfr_buildopt_tls_p() != 0; }

Activation as_float64(const Activation& activation) {
  // Its one constant is no parameter; Swish's is, and the definition is the same.
  if (std::holds_alternative<QuickGelu>(activation)) return Swish{.beta = double{1.702F}};
  return functions::rounded_to_float32(activation);
}

float nearest(const Activation& activation, float x) {
  const Truth t = truth(activation, x);
  return kernels::rounded_once(t.value, (t.value_rest > 0) - (t.value_rest < 0));
}

double ulps(float got, double want) {
  if (std::isnan(got) || std::isnan(want))
    return std::isnan(got) == std::isnan(want) ? 0 : INFINITY;
  const double largest = std::numeric_limits<float>::max();
  if (std::isinf(got)) return std::abs(want) > largest && (got > 0) == (want > 0) ? 0 : INFINITY;
  const int exponent = want == 0 ? -126 : std::max(std::ilogb(want), -126);
  return std::abs(static_cast<double>(got) - want) / std::ldexp(1.0, exponent - 23);
}

double ulps(double got, double want, double rest) {
  if (std::isnan(got) || std::isnan(want)) {
    return std::isnan(got) == std::isnan(want) ? 0 : INFINITY;
  }
  if (std::isinf(got) || std::isinf(want)) return got == want ? 0 : INFINITY;
  const int exponent = want == 0 ? -1022 : std::max(std::ilogb(want), -1022);
  return std::abs(std::ldexp(got - want, 52 - exponent) - rest);
}

}  // namespace actfn::oracle
