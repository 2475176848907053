// SPDX-License-Identifier: Apache-2.0
// Hardshrink: what is small becomes 0.
#include "editor/function_file.h"

template <>
struct Math<Hardshrink> {
  static constexpr Facts kFacts = {
      .title = "Hardshrink",
      .formula = "|x| > lambd ? x : 0",
      .derivative = "|x| > lambd ? 1 : 0",
      .source = "Donoho & Johnstone 1994, Biometrika 81(3)",
      .use =
          "Sets small values to 0 and leaves the others as they are: for sparse codes and "
          "denoising, where small coefficients count as noise. It jumps at +-lambd, and between "
          "them the gradient is 0. Softshrink has no jump.",
      .from_output = "Exact.",
  };
  static constexpr bool kNative = true;
  static constexpr bool kSelects = true;
  static constexpr auto kParameters =
      std::tuple{Parameter<&Hardshrink::lambd>{"lambd", Condition::nonnegative}};

  static kernels::Slopes TwoSlopes(const Hardshrink&) { return {1, 0}; }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Hardshrink& p, const T& x) {
    return x > p.lambd || x < -p.lambd ? x : T(0);
  }

  template <class N>
  static HWY_INLINE auto Value(const Hardshrink& p, const N& x) {
    return WithSign(SelectOrZero(Abs(x) > p.lambd, x), x);
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Hardshrink& p, const N& x) {
    return SelectOrZero(Abs(x) > p.lambd, N(1));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Hardshrink&, const N&) {
    return N(0);
  }

  template <class N>
  static HWY_INLINE auto DerivativeFromOutput(const Hardshrink&, const N& y) {
    return SelectOrZero(Abs(y) > 0, N(1));
  }
};
