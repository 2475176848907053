// SPDX-License-Identifier: Apache-2.0
// Tanhshrink.
#include "editor/function_file.h"

template <>
struct Math<Tanhshrink> {
  static constexpr Facts kFacts = {
      .title = "Tanhshrink",
      .formula = "x - tanh(x)",
      .derivative = "tanh(x)^2",
      .source = "PyTorch, torch.nn.Tanhshrink",
      .use =
          "What tanh leaves of x: small values become nearly 0, like x^3 / 3, and large ones lose "
          "1. It is a smooth shrinkage for sparse codes. Around 0 the gradient vanishes, so small "
          "inputs hardly learn; seldom used.",
  };
  static constexpr auto kParameters = std::tuple<>{};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Tanhshrink&, const T& x) {
    return x - tanh(x);
  }

  // x^3/3 - 2 x^5/15
  static int NearestSide(const Tanhshrink&, double x) {
    return std::abs(x) < 0x1p-24 ? (x < 0) - (x > 0) : 0;
  }

  // x - tanh x cancels: x^3 R(x^2) for 0 <= x < 1.
  template <std::size_t K>
  static HWY_INLINE Lanes<double, K> Near(const Lanes<double, K>& a) {
    const Lanes<double, K> v = a * a;
    return a * v * Polynomial(v, coefficients::kTanhshrinkQuick);
  }
  template <std::size_t K>
  static HWY_INLINE Pair<K> Near(const Pair<K>& a) {
    const Pair<K> v = a * a;
    const Pair<K> third = Constant<Pair<K>>(coefficients::kThird[0], coefficients::kThird[1]);
    const Pair<K> p = Polynomial(v.hi, coefficients::kTanhshrinkPrecise);
    return a * v * (third + v * p);
  }

  template <class N>
  static HWY_INLINE auto Value(const Tanhshrink&, const N& x) {
    const N a = Abs(x);
    const N e = Unscaled(DecayOf(2 * a).e);
    const N far = (a - 1) + 2 * e / (1 + e);
    const auto y = Round(Select(a < 1, Near(a), far));
    return CopySign(Select(a > 0x1p60, Leading(a), y), Leading(x));
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Tanhshrink&, const N& x) {
    const N t = TanhOfMagnitude(Abs(x));
    return t * t;
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Tanhshrink&, const N& x) {
    return CopySign(Round(TanhCurvature(Abs(x))), Leading(x));
  }
};
