// SPDX-License-Identifier: Apache-2.0
// Shifted ReLU, the SReLU of the ELU paper.
#include "editor/function_file.h"

template <>
struct Math<ShiftedRelu> {
  static constexpr Facts kFacts = {
      .title = "ShiftedReLU",
      .formula = "max(x, -1)",
      .derivative = "x > -1 ? 1 : 0",
      .source = "Clevert, Unterthiner & Hochreiter 2015, arXiv:1511.07289",
      .use =
          "Relu with its kink at -1, so that outputs can be negative and their mean comes nearer "
          "to 0. The ELU paper compares elu with it; seldom used otherwise. Below -1 the gradient "
          "is 0.",
      .from_output = "Exact.",
  };
  static constexpr bool kNative = true;
  static constexpr bool kSelects = true;
  static constexpr auto kParameters = std::tuple<>{};

  static kernels::Slopes TwoSlopes(const ShiftedRelu&) { return {1, 0}; }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const ShiftedRelu&, const T& x) {
    return x > -1 ? x : T(-1);
  }

  template <class N>
  static HWY_INLINE auto Value(const ShiftedRelu&, const N& x) {
    return Select(x < -1, N(-1), x);
  }

  template <class N>
  static HWY_INLINE auto Derivative(const ShiftedRelu&, const N& x) {
    return SelectOrZero(x > -1, N(1));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const ShiftedRelu&, const N&) {
    return N(0);
  }

  template <class N>
  static HWY_INLINE auto DerivativeFromOutput(const ShiftedRelu&, const N& y) {
    return SelectOrZero(y > -1, N(1));
  }
};
