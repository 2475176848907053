// SPDX-License-Identifier: Apache-2.0
// Makes a descriptor and an entry from every file of src/gated/, and checks the files.
#include "catalogue/describe.h"
#include "gated/kernels/gate_file.h"

#include <concepts>

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

#include "gated/functions.inc"

// The compiler's message names the gate G.
template <class G>
struct CheckFile {
  static_assert(
      requires(const G& p) { GateMath<G>::GateFunction(p); },
      "the gate's file in src/gated/ needs GateFunction(p): f of y = f(a) b");
  static_assert(
      requires(const G& p, const double& x) {
        { GateMath<G>::Reference(p, x, x) } -> std::same_as<double>;
      }, "the gate's file in src/gated/ needs T Reference(p, const T& a, const T& b): y");
};

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

namespace actfn {
namespace functions {
#include "gated/describe.inc"
}  // namespace functions

namespace kernels {
namespace {

// Of a variant, only the alternatives are linked.
template <class A>
gated::Definition chosen(const A& f) {
  const GradientRef<Activation> ref(f);
  return {f, &ref.entry(), &ref.gradients(), false, {}};
}
template <class... A>
gated::Definition chosen(const std::variant<A...>& f) {
  return std::visit([](const auto& alternative) { return chosen(alternative); }, f);
}
gated::Definition chosen(const Activation& f) {
  const GradientRef<Activation> ref(f);
  return {f, &ref.entry(), &ref.gradients(), false, {}};
}

template <class G>
gated::Definition definition(const void* gate) {
  using Math = HWY_NAMESPACE::GateMath<G>;
  const G& p = *static_cast<const G*>(gate);
  gated::Definition all = chosen(Math::GateFunction(p));
  all.second_is_gate = Math::kSecondIsGate;
  all.limits = Math::LimitsOf(p);
  return all;
}

template <class G>
constexpr EntryOf<Gate> make_entry() {
  static_assert(sizeof(HWY_NAMESPACE::CheckFile<G>) > 0);
  return {functions::descriptor_of<G>, definition<G>};
}

}  // namespace
}  // namespace kernels

#include "gated/entries.inc"

}  // namespace actfn
