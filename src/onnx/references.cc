// SPDX-License-Identifier: Apache-2.0
// The definitions in the files of functions, on symbols.
#include <hwy/highway.h>

#include <cmath>

#include "gated/kernels/gate_file.h"
#include "kernels/evaluator.h"
#include "kernels/formulas.h"
#include "onnx/definition.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {
#include "all_activations.inc"
#include "gated/functions.inc"
}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

namespace actfn::onnx {
namespace {

template <class A>
Symbol definition_of(const A& p, const Symbol& x) {
  return HWY_NAMESPACE::Math<A>::Reference(p, x);
}

// In powers of 1 / x far from 0: x^5 overflows.
Symbol definition_of(const Rational& p, const Symbol& x) {
  if (!(abs(x) > 1)) return HWY_NAMESPACE::Math<Rational>::Reference(p, x);
  const Symbol z = 1 / x;
  const Symbol above = p.a5 + z * (p.a4 + z * (p.a3 + z * (p.a2 + z * (p.a1 + z * p.a0))));
  const Symbol below = p.b4 + z * (p.b3 + z * (p.b2 + z * p.b1));
  return x * above / (abs(below) + z * z * z * z);
}

}  // namespace

Symbol definition(const Activation& f, const Symbol& x) {
  return std::visit([&x](const auto& p) { return definition_of(p, x); }, f);
}

Symbol definition(const Gate& f, const Symbol& a, const Symbol& b) {
  return std::visit(
      [&]<class G>(const G& p) { return HWY_NAMESPACE::GateMath<G>::Reference(p, a, b); }, f);
}

Symbol reference(const Activation& f, const Symbol& x) {
  return Symbol::of(Trace::current().add(f, x.index));
}

}  // namespace actfn::onnx
