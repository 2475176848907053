// SPDX-License-Identifier: Apache-2.0
// Hard Mish.
#include "editor/function_file.h"

template <>
struct Math<HardMish> {
  static constexpr Facts kFacts = {
      .title = "HardMish",
      .formula = "x / 2 * min(2, max(0, x + 2))",
      .derivative = "x <= -2 ? 0 : x < 0 ? x + 1 : 1",
      .source = "Misra 2020, github.com/digantamisra98/H-Mish",
      .use =
          "Mish made of a parabola and two straight pieces, without exponentials: for small "
          "devices. From -2 down value and gradient are 0, so units can die as with relu. timm "
          "calls it experimental.",
      .note =
          "timm has it as HardMish. At -2 the derivative is 0 here and -1 in timm's HardMishMe. At "
          "-inf the formula as written gives NaN; here it is 0, the limit.",
  };
  static constexpr bool kNative = true;
  static constexpr bool kPrecise = true;
  static constexpr auto kParameters = std::tuple<>{};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const HardMish&, const T& x) {
    return x <= -2 ? T(0) : x >= 0 ? x : x * (x + 2) / 2;
  }

  template <class N>
  static HWY_INLINE auto Value(const HardMish&, const N& x) {
    const N c = Clamp(x, -2, 0);
    const N raised = c + 2;
    const N raised_lo = c - (raised - 2);
    const N product = c * raised;
    const N rest = Fma(c, raised_lo, FmaSub(c, raised, product));
    return Select(x < 0, CopySign(0.5 * (product + rest), x), x);
  }

  template <class N>
  static HWY_INLINE auto Derivative(const HardMish&, const N& x) {
    return Select(x < 0, SelectOrZero(x > -2, x + 1), N(1));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const HardMish&, const N& x) {
    return SelectOrZero(And(x > -2, x < 0), N(1));
  }
};
