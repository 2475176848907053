// SPDX-License-Identifier: Apache-2.0
// Softsign.
#include "editor/function_file.h"

template <>
struct Math<Softsign> {
  static constexpr Facts kFacts = {
      .title = "Softsign",
      .formula = "x / (1 + |x|)",
      .derivative = "1 / (1 + |x|)^2",
      .source = "Turian, Bergstra & Bengio 2009, NAACL; Glorot & Bengio 2010, AISTATS",
      .use =
          "An S curve like tanh that comes near its limits more slowly, and needs no exponential. "
          "It saturates more gently, but for large |x| the gradient still vanishes, as 1/x^2. "
          "Seldom used today.",
      .from_output = "(1 - |y|)^2: towards +-1 the digits are lost.",
  };
  static constexpr auto kParameters = std::tuple<>{};
  static constexpr bool kPrecise = true;
  static constexpr int kSingleOrders = 0b11;
  static constexpr int kHalfOrders = 0b11;
  static constexpr int kFastOrders = 0b11;

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Softsign&, const T& x) {
    return x > 0 ? x / (1 + x) : x < 0 ? x / (1 - x) : x;
  }

  template <class N>
  static HWY_INLINE auto Value(const Softsign&, const N& x) {
    const N a = Clamp(Abs(x), 0, 0x1p80);  // 1 beyond
    if constexpr (kIsSingle<N>) {
      return WithSign(Over(a, DenominatorOf(OnePlus(a))), x);
    } else {
      return WithSign(Round(a / (1 + a)), Leading(x));
    }
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Softsign&, const N& x) {
    if constexpr (kIsSingle<N>) {
      const auto d = DenominatorOf(OnePlus(Clamp(Abs(x), 0, 0x1p80)));
      const N square = d.inverse * d.inverse;
      return Fma(square, 2 * d.Error(), square);
    } else {
      const N q = 1 / (1 + Clamp(Abs(x), 0, 0x1p600));  // 0 beyond
      return q * q;
    }
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Softsign&, const N& x) {
    const N q = 1 / (1 + Clamp(Abs(x), 0, 0x1p400));  // 0 beyond
    const auto second = CopySign(Round(2 * q * q * q), Leading(-x));
    return Select(Leading(x) == 0, 0, second);
  }

  template <class N>
  static HWY_INLINE auto DerivativeFromOutput(const Softsign&, const N& y) {
    const N q = 1 - Abs(y);
    return q * q;
  }
};
