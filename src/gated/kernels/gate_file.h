// SPDX-License-Identifier: Apache-2.0
// Definitions for the files of src/gated. GateMath<G> derives from PlainGate and has
//
//   kFacts, kParameters     see catalogue/facts.h
//   GateFunction(p)         f, an elementwise function or a variant of some: y = f(a) b
//   Reference(p, a, b)      y as it is defined, for the oracle: T has more precision and carries
//                           derivatives
//
// and, where they differ from PlainGate's, kSecondIsGate and LimitsOf(p).
#if defined(ACTFN_GATED_KERNELS_GATE_FILE_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_GATED_KERNELS_GATE_FILE_H_
#undef ACTFN_GATED_KERNELS_GATE_FILE_H_
#else
#define ACTFN_GATED_KERNELS_GATE_FILE_H_
#endif

#include "gated/kernels/definition.h"
#include "kernels/function_file.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

using gated::Limits;

template <class G>
struct GateMath;

struct PlainGate {
  static constexpr std::string_view kShapes =
      "x has twice y's length along the axis; or a and b have y's shape";
  template <class G>
  static Lengths LengthsOf(const G&) {
    return {.x = 2, .y = 1};
  }

  // Whether y = a f(b).
  static constexpr bool kSecondIsGate = false;
  template <class G>
  static Limits LimitsOf(const G&) {
    return {};
  }
};

// a sigmoid(beta a). silu has faster kernels than swish.
inline std::variant<Silu, Swish> SwishOf(double beta) {
  if (beta == 1) return Silu{};
  return Swish{beta};
}

// min(x, limit) and min(max(x, -limit), limit), for references.
template <class T>
T AtMost(const T& x, const T& limit) {
  return x <= limit ? x : limit;
}
template <class T>
T Within(const T& x, const T& limit) {
  return x >= -limit ? AtMost(x, limit) : -limit;
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
