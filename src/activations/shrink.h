// SPDX-License-Identifier: Apache-2.0
// Shrink with a bias: hardshrink at bias 0, softshrink at bias lambd.
#include "editor/function_file.h"

template <>
struct Math<Shrink> {
  static constexpr Facts kFacts = {
      .title = "Shrink",
      .formula = "x < -lambd ? x + bias : x > lambd ? x - bias : 0",
      .derivative = "|x| > lambd ? 1 : 0",
      .source = "ONNX, Shrink",
      .use =
          "ONNX's shrinkage: lambd sets which values become 0, bias how far the others move "
          "towards 0. bias = 0 is hardshrink, bias = lambd is softshrink. For sparse codes and "
          "denoising; where it is 0, the gradient is 0 too.",
  };
  static constexpr bool kNative = true;
  static constexpr auto kParameters =
      std::tuple{Parameter<&Shrink::lambd>{"lambd", Condition::nonnegative},
                 Parameter<&Shrink::bias>{"bias", Condition::finite}};

  static kernels::Slopes TwoSlopes(const Shrink&) { return {1, 0}; }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Shrink& p, const T& x) {
    return x < -p.lambd ? x + p.bias : x > p.lambd ? x - p.bias : T(0);
  }

  template <class N>
  static HWY_INLINE auto Value(const Shrink& p, const N& x) {
    const N a = Abs(x);
    const N kept = SelectOrZero(a > p.lambd, a - p.bias);
    return kept * CopySign(1, x);  // odd; kept may be negative
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Shrink& p, const N& x) {
    return SelectOrZero(Abs(x) > p.lambd, N(1));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Shrink&, const N&) {
    return N(0);
  }
};
