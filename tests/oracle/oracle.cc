#include "oracle/oracle.h"

#include <hwy/highway.h>

#include <cmath>
#include <limits>

#include "kernels/facts.h"
#include "math/arithmetic.h"
#include "math/exp.h"
#include "math/gauss.h"
#include "math/log1p.h"
#include "math/logistic.h"
#include "oracle/jet.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
using kernels::Condition;
using kernels::Facts;
using kernels::Parameter;
template <class A>
struct Math;
#include "all_activations.inc"
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

namespace actfn::oracle {

Truth truth(const Activation& activation, float x) {
  // e^(10^15) need not overflow.
  mpfr_set_emax(mpfr_get_emax_max());
  mpfr_set_emin(mpfr_get_emin_min());
  const Jet variable = Jet::Variable(static_cast<double>(x));
  const Jet y = std::visit(
      [&variable]<class A>(const A& p) { return HWY_NAMESPACE::Math<A>::Reference(p, variable); },
      activation);
  return {y.v.to_double(), y.d1.to_double(), y.d2.to_double()};
}

double ulps(float got, double want) {
  if (std::isnan(got) || std::isnan(want))
    return std::isnan(got) == std::isnan(want) ? 0 : INFINITY;
  const double largest = std::numeric_limits<float>::max();
  if (std::isinf(got)) return std::abs(want) > largest && (got > 0) == (want > 0) ? 0 : INFINITY;
  const int exponent = want == 0 ? -126 : std::max(std::ilogb(want), -126);
  return std::abs(static_cast<double>(got) - want) / std::ldexp(1.0, exponent - 23);
}

}  // namespace actfn::oracle
