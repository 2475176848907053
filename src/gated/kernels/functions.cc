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
      requires(const G& p) { Activation(gated::as_activation(GateMath<G>::GateFunction(p))); },
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

// The entry of an elementwise function; of a variant, only its alternatives are linked.
template <class A>
const Entry& entry_for(const A& /*f*/) {
  return entry_of<A>();
}
template <class... A>
const Entry& entry_for(const std::variant<A...>& f) {
  return std::visit([]<class F>(const F& /*f*/) -> const Entry& { return entry_of<F>(); }, f);
}
const Entry& entry_for(const Activation& f) { return entry(f); }

template <class G>
gated::Definition definition(const void* gate) {
  using Math = HWY_NAMESPACE::GateMath<G>;
  const G& p = *static_cast<const G*>(gate);
  const auto f = Math::GateFunction(p);
  return {gated::as_activation(f), &entry_for(f), Math::kSecondIsGate, Math::LimitsOf(p)};
}

template <class G>
constexpr EntryOf<Gate> make_entry() {
  static_assert(sizeof(HWY_NAMESPACE::CheckFile<G>) > 0);
  return {functions::descriptor_of<G>, definition<G>};
}

}  // namespace

#include "gated/entries.inc"

}  // namespace kernels
}  // namespace actfn
