// SPDX-License-Identifier: Apache-2.0
// TeLU, the hyperbolic tangent exponential linear unit.
#include "editor/function_file.h"

template <>
struct Math<Telu> {
  static constexpr Facts kFacts = {
      .title = "TeLU",
      .formula = "x * tanh(exp(x))",
      .derivative = "tanh(e) + x * e * (1 - tanh(e)^2), e = exp(x)",
      .source = "Fernandez & Mali 2024, arXiv:2412.20269",
      .use =
          "Near x above 0, with a small dip below 0, like mish and silu. It is said to learn as "
          "fast as relu and as stably as the smooth ones. It costs an exponential and a tanh, and "
          "far below 0 the gradient vanishes.",
  };
  static constexpr auto kParameters = std::tuple<>{};
  static constexpr bool kPrecise = true;

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Telu&, const T& x) {
    return x * tanh(exp(x));
  }

  static constexpr double kTail = -60;  // below, tanh(e^x) is e^x

  template <class N>
  static HWY_INLINE auto Value(const Telu&, const N& x) {
    const N c = Clamp(x, -1600, 5);
    const Scaled<N> u = ExpOf(c);
    const Scaled<N> general = TanhOfMagnitude(Unscaled(u));
    return ItselfBeyond(4.5, x, Round(Select(x < kTail, u, general) * c));
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Telu&, const N& x) {
    const N c = Clamp(x, -1600, 5);
    const Scaled<N> u = ExpOf(c);
    const N e = Unscaled(u);
    const N general = TanhOfMagnitude(e) + e * c * Unscaled(TanhSlopeOfMagnitude(e));
    return Select(x < kTail, u * (1 + c), Scaled<N>(general));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Telu&, const N& x) {
    const N c = Clamp(x, -1600, 7);  // 0 beyond
    const Scaled<N> u = ExpOf(c);
    const N e = Unscaled(u);
    // e^x (1 - tanh^2) (2 + x (1 - 2 e^x tanh))
    const N factor = 2 + c * (1 - 2 * e * TanhOfMagnitude(e));
    const Scaled<N> general = TanhSlopeOfMagnitude(e) * (e * factor);
    return Select(x < kTail, u * (2 + c), general);
  }
};
