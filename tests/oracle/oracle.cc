#include "oracle/oracle.h"

#include <hwy/highway.h>

#include <cmath>
#include <limits>

#include "kernels/evaluator.h"
#include "kernels/formulas.h"
#include "oracle/jet.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
#include "all_activations.inc"
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

namespace actfn::oracle {

namespace {

// What cancels must leave 53 bits, and the rest, of the smallest number that counts. In float32's
// range 500 bits are enough: 1 - tanh'(x) at the smallest number, x + sqrt(x^2 + b) at the largest.
// Float64's exponentials reach farther down, and its ends farther still.
mpfr_prec_t bits_for(double x, bool single) {
  const double a = std::abs(x);
  if (single || (a < 4 && a > 0x1p-100) || a == 0) return 500;
  return a > 0x1p500 || a < 0x1p-500 ? 4400 : 1300;
}

Truth evaluate(const Activation& activation, double x) {
  Real::bits() = bits_for(x, Jet::single());
  // e^(10^15) need not overflow.
  mpfr_set_emax(mpfr_get_emax_max());
  mpfr_set_emin(mpfr_get_emin_min());
  const Jet variable = Jet::Variable(x);
  const Jet y = std::visit(
      [&variable]<class A>(const A& p) { return HWY_NAMESPACE::Math<A>::Reference(p, variable); },
      activation);
  return {y.v.to_double(), y.d1.to_double(), y.d2.to_double(),
          y.v.rest(),      y.d1.rest(),      y.d2.rest()};
}

}  // namespace

Truth truth(const Activation& activation, float x) {
  Jet::single() = true;
  return evaluate(kernels::as_float32(activation), static_cast<double>(x));
}

Truth truth(const Activation& activation, double x) {
  Jet::single() = false;
  return evaluate(activation, x);
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
  return std::abs(std::ldexp((got - want) - rest, 52 - exponent));
}

}  // namespace actfn::oracle
