// SPDX-License-Identifier: Apache-2.0
// ReLU, the rectified linear unit.
#include "editor/function_file.h"

template <>
struct Math<Relu> {
  static constexpr Facts kFacts = {
      .title = "ReLU",
      .formula = "max(x, 0)",
      .derivative = "x > 0 ? 1 : 0",
      .source = "Nair & Hinton 2010, ICML",
      .use =
          "The first choice for hidden layers: cheap, sparse, and with the gradient 1 for every "
          "positive x, so that it does not vanish with depth. A unit whose x is negative for all "
          "data gets no gradient and stays dead, which high learning rates make more likely. "
          "Initialize by He's rule.",
      .from_output = "Exact.",
  };
  static constexpr bool kNative = true;
  static constexpr bool kSelects = true;
  static constexpr auto kParameters = std::tuple<>{};

  static kernels::Slopes TwoSlopes(const Relu&) { return {1, 0}; }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Relu&, const T& x) {
    return x > 0 ? x : T(0);
  }

  template <class N>
  static HWY_INLINE auto Value(const Relu&, const N& x) {
    return SelectOrZero(x > 0, x);
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Relu&, const N& x) {
    return SelectOrZero(x > 0, N(1));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Relu&, const N&) {
    return N(0);
  }

  template <class N>
  static HWY_INLINE auto DerivativeFromOutput(const Relu&, const N& y) {
    return SelectOrZero(y > 0, N(1));
  }
};
