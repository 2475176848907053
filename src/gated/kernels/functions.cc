// Makes a descriptor from every file of src/gated/, and checks the files.
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
      requires(const G& p) {
        { GateMath<G>::GateFunction(p) } -> std::same_as<Activation>;
      }, "the gate's file in src/gated/ needs Activation GateFunction(p): f of y = f(a) b");
  static_assert(
      requires(const G& p, const double& x) {
        { GateMath<G>::Reference(p, x, x) } -> std::same_as<double>;
      }, "the gate's file in src/gated/ needs T Reference(p, const T& a, const T& b): y");
};

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

namespace actfn::functions {
#include "gated/describe.inc"
}  // namespace actfn::functions

namespace actfn::gated {

Definition definition_of(const Gate& gate) {
  return std::visit(
      []<class G>(const G& p) -> Definition {
        using Math = HWY_NAMESPACE::GateMath<G>;
        static_assert(sizeof(HWY_NAMESPACE::CheckFile<G>) > 0);
        return {Math::GateFunction(p), Math::kSecondIsGate, Math::LimitsOf(p)};
      },
      gate);
}

}  // namespace actfn::gated
