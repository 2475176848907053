// SPDX-License-Identifier: Apache-2.0
// Hard swish.
#include "editor/function_file.h"

template <>
struct Math<Hardswish> {
  static constexpr Facts kFacts = {
      .title = "Hardswish",
      .formula = "x * min(max(x + 3, 0), 6) / 6",
      .derivative = "x <= -3 ? 0 : x < 3 ? (2x + 3) / 6 : 1",
      .source = "Howard et al. 2019, arXiv:1905.02244",
      .use =
          "Silu without the exponential, made for phones: the activation of MobileNetV3. Choose it "
          "over silu where exp is expensive or the model is quantized. From -3 down value and "
          "gradient are 0.",
  };
  static constexpr bool kNative = true;
  static constexpr bool kPrecise = true;
  static constexpr auto kParameters = std::tuple<>{};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Hardswish&, const T& x) {
    return x <= -3 ? T(0) : x >= 3 ? x : x * (x + 3) / 6;
  }

  static int NearestSide(const Hardswish&, double x) { return SideOfHalf(x); }

  template <class N>
  static HWY_INLINE auto Value(const Hardswish&, const N& x) {
    const N c = Clamp(x, -3, 3);
    const N raised = c + 3;
    const N raised_lo = c - (raised - 3);
    const N product = c * raised;
    const N rest = Fma(c, raised_lo, FmaSub(c, raised, product));
    return Select(x < 3, WithSign(TimesFraction(product, rest, 1, 6), x), x);
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Hardswish&, const N& x) {
    const N inside = TimesFraction(Clamp(x, -3, 3) + 1.5, N(0), 1, 3);
    return Select(x < 3, SelectOrZero(x > -3, inside), N(1));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Hardswish&, const N& x) {
    return SelectOrZero(Abs(x) < 3, N(1.0 / 3));
  }
};
