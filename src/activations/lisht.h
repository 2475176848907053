// SPDX-License-Identifier: Apache-2.0
// LiSHT, the linearly scaled hyperbolic tangent.
#include "editor/function_file.h"

template <>
struct Math<Lisht> {
  static constexpr Facts kFacts = {
      .title = "LiSHT",
      .formula = "x * tanh(x)",
      .derivative = "tanh(x) + x * (1 - tanh(x)^2)",
      .source = "Roy et al. 2019, arXiv:1901.05894",
      .use =
          "About |x| for large |x| and a parabola around 0: its gradient vanishes on neither side. "
          "It gives x and -x the same output, so the sign of the input is lost. Seldom used.",
  };
  static constexpr auto kParameters = std::tuple<>{};
  static constexpr bool kPrecise = true;

  static constexpr int kSingleOrders = 0b01;

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Lisht&, const T& x) {
    return x * tanh(x);
  }

  // x^2 - x^4/3
  static int NearestSide(const Lisht&, double x) {
    return x != 0 && std::abs(x) < 0x1p-24 ? -1 : 0;
  }

  template <class N>
  static HWY_INLINE auto Value(const Lisht&, const N& x) {
    const N a = Abs(x);
    if constexpr (kIsSingle<N>) {
      const auto t = TanhOfSingle(a);
      return Select(a > 25, a, Fma(a, t.hi, a * t.lo));
    } else {
      return Select(a > 25, Leading(a), Abs(Round(a * TanhOfMagnitude(a))));
    }
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Lisht&, const N& x) {
    const N a = Clamp(Abs(x), 0, 700);
    const N y = TanhOfMagnitude(a) + a * Unscaled(TanhSlopeOfMagnitude(a));
    return CopySign(Round(y), Leading(x));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Lisht&, const N& x) {
    const N a = Clamp(Abs(x), 0, 1000);
    return TanhSlopeOfMagnitude(a) * (2 - 2 * a * TanhOfMagnitude(a));
  }
};
