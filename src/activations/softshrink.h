// SPDX-License-Identifier: Apache-2.0
// Softshrink: soft thresholding, the proximal map of lambd |x|.
#include "editor/function_file.h"

template <>
struct Math<Softshrink> {
  static constexpr Facts kFacts = {
      .title = "Softshrink",
      .formula = "x > lambd ? x - lambd : x < -lambd ? x + lambd : 0",
      .derivative = "|x| > lambd ? 1 : 0",
      .source = "Donoho & Johnstone 1994, Biometrika 81(3)",
      .use =
          "Moves x towards 0 by lambd and sets what is smaller to 0: the step of ISTA, for sparse "
          "codes and denoising. It has no jump, but makes large values smaller by lambd too. "
          "Between +-lambd the gradient is 0.",
      .from_output = "Exact.",
  };
  static constexpr bool kNative = true;
  static constexpr auto kParameters =
      std::tuple{Parameter<&Softshrink::lambd>{"lambd", Condition::nonnegative}};

  static kernels::Slopes TwoSlopes(const Softshrink&) { return {1, 0}; }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Softshrink& p, const T& x) {
    return x > p.lambd ? x - p.lambd : x < -p.lambd ? x + p.lambd : T(0);
  }

  template <class N>
  static HWY_INLINE auto Value(const Softshrink& p, const N& x) {
    const N excess = Abs(x) - p.lambd;
    return WithSign(SelectOrZero(excess > 0, excess), x);
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Softshrink& p, const N& x) {
    return SelectOrZero(Abs(x) > p.lambd, N(1));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Softshrink&, const N&) {
    return N(0);
  }

  template <class N>
  static HWY_INLINE auto DerivativeFromOutput(const Softshrink&, const N& y) {
    return SelectOrZero(Abs(y) > 0, N(1));
  }
};
