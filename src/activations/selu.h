// SPDX-License-Identifier: Apache-2.0
// SELU, the scaled exponential linear unit.
#include "editor/function_file.h"

template <>
struct Math<Selu> {
  static constexpr Facts kFacts = {
      .title = "SELU",
      .formula =
          "scale * (x > 0 ? x : alpha * (exp(x) - 1)), scale = 1.0507009873554805, alpha = "
          "1.6732632423543772",
      .derivative = "x > 0 ? scale : scale * alpha * exp(x)",
      .source = "Klambauer, Unterthiner, Mayr & Hochreiter 2017, arXiv:1706.02515",
      .use =
          "Keeps mean 0 and variance 1 through deep fully connected networks without normalization "
          "layers. It does so only under its conditions: standardized inputs, LeCun's "
          "initialization, plain layers in a chain, and alpha_dropout in place of dropout. "
          "Elsewhere it is an elu with fixed scales.",
      .from_output = "Below 0 it is y + scale alpha, where the tail loses its digits.",
  };
  static constexpr auto kParameters = std::tuple<>{};
  static constexpr bool kPrecise = true;
  static constexpr int kSingleOrders = 0b1011;
  static constexpr int kHalfOrders = 0b11;
  static constexpr int kFastOrders = 0b11;

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Selu&, const T& x) {
    const T alpha = T::FromDecimal("1.6732632423543772848170429916717");
    const T scale = T::FromDecimal("1.0507009873554804934193349852946");
    return scale * (x > 0 ? x : alpha * expm1(x));
  }

  template <class N>
  static HWY_INLINE N Scale() {
    return Constant<N>(coefficients::kSeluScale[0], coefficients::kSeluScale[1]);
  }

  template <class N>
  static HWY_INLINE N ScaleAlpha() {
    return Constant<N>(coefficients::kSeluScaleAlpha[0], coefficients::kSeluScaleAlpha[1]);
  }

  template <class N>
  static HWY_INLINE auto Value(const Selu&, const N& x) {
    const auto right = RoundedProduct(coefficients::kSeluScale[0], coefficients::kSeluScale[1], x);
    const auto left =
        TimesExpm1Down(coefficients::kSeluScaleAlpha[0], coefficients::kSeluScaleAlpha[1], x);
    return Select(Leading(x) >= 0, right, left);
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Selu&, const N& x) {
    return Select(x > 0, Scaled<N>(Scale<N>()), ExpDown(x) * ScaleAlpha<N>());
  }

  template <Order order, std::size_t K>
  static HWY_INLINE Mask<float, K> Near(const Selu&, const Lanes<float, K>& x) {
    if constexpr (order != Order::derivative) return x == x;
    return x > -kCleanReach;
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Lanes<float, K> Far(const Selu&, const Lanes<float, K>& x) {
    const SinglePair<K> c =
        InSingles<K>(coefficients::kSeluScaleAlpha[0], coefficients::kSeluScaleAlpha[1]);
    return FarBelow(c, SinglePair<K>{x, 0});
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Selu&, const N& x) {
    return SelectOrZero(x <= 0, ExpDown(x) * ScaleAlpha<N>());
  }

  template <class N>
  static HWY_INLINE auto DerivativeFromOutput(const Selu&, const N& y) {
    return Select(y > 0, Scale<N>(), y + ScaleAlpha<N>());
  }
  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> DerivativeFromOutput(const Selu&, const Lanes<float, K>& y) {
    const SinglePair<K> c =
        InSingles<K>(coefficients::kSeluScaleAlpha[0], coefficients::kSeluScaleAlpha[1]);
    return Select(y > 0, coefficients::kSeluScale[0], (y + c.hi) + c.lo);
  }
};
