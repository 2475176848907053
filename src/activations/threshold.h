// SPDX-License-Identifier: Apache-2.0
// Threshold.
#include "editor/function_file.h"

template <>
struct Math<Threshold> {
  static constexpr Facts kFacts = {
      .title = "Threshold",
      .formula = "x > threshold ? x : value",
      .derivative = "x > threshold ? 1 : 0",
      .source = "PyTorch, torch.nn.Threshold",
      .use =
          "Keeps what is above a threshold and puts one value in place of the rest; with both "
          "parameters 0 it is relu. For cutting off small values. It jumps where value differs "
          "from threshold, and no gradient passes below.",
      .note = "Both parameters are required, as in PyTorch.",
  };
  static constexpr Threshold kExample = {0.1, 20};
  static constexpr bool kNative = true;
  static constexpr bool kSelects = true;
  static constexpr auto kParameters =
      std::tuple{Parameter<&Threshold::threshold>{"threshold", Condition::finite},
                 Parameter<&Threshold::value>{"value", Condition::finite}};

  static kernels::Slopes TwoSlopes(const Threshold&) { return {1, 0}; }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Threshold& p, const T& x) {
    return x > p.threshold.value ? x : T(p.value.value);
  }

  template <class N>
  static HWY_INLINE auto Value(const Threshold& p, const N& x) {
    return Select(x > p.threshold.value, x, N(p.value.value));
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Threshold& p, const N& x) {
    return SelectOrZero(x > p.threshold.value, N(1));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Threshold&, const N&) {
    return N(0);
  }
};
