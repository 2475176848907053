// SPDX-License-Identifier: Apache-2.0
#include "oracle/gates.h"

#include <cmath>

#include <hwy/highway.h>

#include "catalogue/lists.h"
#include "gated/kernels/gate_file.h"
#include "kernels/evaluator.h"
#include "oracle/jet.h"
#include "oracle/reference.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {
#include "gated/functions.inc"
}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

namespace actfn::oracle {
GateTruth gate_truth(const Gate& gate, double a, double b, bool single) {
  Jet::single() = single;
  // The mixed derivative is a difference of others, which may be larger by powers of a and b.
  const auto magnitude = [](double x) { return x == 0 ? 0 : std::abs(std::ilogb(x)); };
  Real::bits() = 500 + 2 * (magnitude(a) + magnitude(b));
  const Gate read = single ? functions::rounded_to_float32(gate) : gate;
  // y as a function of t, where a and b move by da t and db t.
  const auto along = [&](double da, double db) {
    const Jet at_a = {Real(a), Real(da), Real(0.0)};
    const Jet at_b = {Real(b), Real(db), Real(0.0)};
    return std::visit(
        [&]<class G>(const G& p) { return HWY_NAMESPACE::GateMath<G>::Reference(p, at_a, at_b); },
        read);
  };
  const Jet by_a = along(1, 0);
  const Jet by_b = along(0, 1);
  // The second derivative along (1, 1) is aa + 2 ab + bb.
  const Real both = along(1, 1).d2;
  return {by_a.v, by_a.d1, by_b.d1, by_a.d2, (both - by_a.d2 - by_b.d2) / Real(2.0), by_b.d2};
}

}  // namespace actfn::oracle
