// SPDX-License-Identifier: Apache-2.0
// Squared ReLU.
#include "editor/function_file.h"

template <>
struct Math<ReluSquared> {
  static constexpr Facts kFacts = {
      .title = "ReLUSquared",
      .formula = "max(x, 0)^2",
      .derivative = "x > 0 ? 2x : 0",
      .source = "So et al. 2021 (Primer), arXiv:2109.08668",
      .use =
          "Relu, squared: as sparse as relu, and with a continuous slope at 0. Found by a search "
          "for better language models (Primer), and used in some, such as Nemotron. Values grow "
          "with the square of x: float16 overflows from x = 256 on.",
      .from_output =
          "One rounding of the output becomes half a rounding here; nothing where x^2 "
          "vanishes.",
  };
  static constexpr bool kNative = true;
  static constexpr auto kParameters = std::tuple<>{};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const ReluSquared&, const T& x) {
    return x > 0 ? x * x : T(0);
  }

  template <class N>
  static HWY_INLINE auto Value(const ReluSquared&, const N& x) {
    return SelectOrZero(x > 0, x * x);
  }

  template <class N>
  static HWY_INLINE auto Derivative(const ReluSquared&, const N& x) {
    return SelectOrZero(x > 0, x + x);
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const ReluSquared&, const N& x) {
    return SelectOrZero(x > 0, N(2));
  }

  template <class N>
  static HWY_INLINE auto DerivativeFromOutput(const ReluSquared&, const N& y) {
    return 2 * Sqrt(y);
  }
};
