// SPDX-License-Identifier: Apache-2.0
// Hardtanh: clamps to an interval.
#include "editor/function_file.h"

template <>
struct Math<Hardtanh> {
  static constexpr Facts kFacts = {
      .title = "Hardtanh",
      .formula = "min(max(x, min_val), max_val)",
      .derivative = "min_val < x < max_val ? 1 : 0",
      .source = "Collobert 2004, Large Scale Machine Learning",
      .use =
          "Tanh made of three straight pieces, or a clip to any range: cheap and bounded, for "
          "quantized and binary networks. Outside of the range the gradient is 0, so a saturated "
          "unit stops learning.",
      .note = "max_val must exceed min_val, as float32 holds them.",
      .from_output = "Exact where the type holds both bounds.",
  };
  static std::string_view Conflict(const Hardtanh& p) {
    return p.max_val > p.min_val ? "" : "max_val must exceed min_val";
  }
  static constexpr bool kNative = true;
  static constexpr bool kSelects = true;
  static constexpr auto kParameters =
      std::tuple{Parameter<&Hardtanh::min_val>{"min_val", Condition::finite},
                 Parameter<&Hardtanh::max_val>{"max_val", Condition::finite}};

  static kernels::Slopes TwoSlopes(const Hardtanh&) { return {1, 0}; }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Hardtanh& p, const T& x) {
    return x <= p.min_val ? T(p.min_val) : x >= p.max_val ? T(p.max_val) : x;
  }

  template <class N>
  static HWY_INLINE auto Value(const Hardtanh& p, const N& x) {
    // Min and Max are cheaper, but don't tell zeros apart.
    if (p.min_val != 0 && p.max_val != 0) return Clamp(x, p.min_val, p.max_val);
    return Select(x > p.max_val, N(p.max_val), Select(x < p.min_val, N(p.min_val), x));
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Hardtanh& p, const N& x) {
    return SelectOrZero(And(x > p.min_val, x < p.max_val), N(1));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Hardtanh&, const N&) {
    return N(0);
  }

  template <class N>
  static HWY_INLINE auto DerivativeFromOutput(const Hardtanh& p, const N& y) {
    return SelectOrZero(And(y > p.min_val, y < p.max_val), N(1));
  }
};
