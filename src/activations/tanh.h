// SPDX-License-Identifier: Apache-2.0
// The hyperbolic tangent.
#include "editor/function_file.h"

template <>
struct Math<Tanh> {
  static constexpr Facts kFacts = {
      .title = "Tanh",
      .formula = "tanh(x)",
      .derivative = "1 - tanh(x)^2",
      .source = "LeCun, Bottou, Orr & Müller 1998, Efficient BackProp",
      .use =
          "Squeezes x into (-1, 1), centred at 0: for the states of recurrent networks and for "
          "outputs in a known range. As a hidden layer it learns better than sigmoid, but for "
          "large |x| the gradient still vanishes.",
      .from_output = "1 - y^2: towards +-1 the digits are lost.",
  };
  static constexpr auto kParameters = std::tuple<>{};
  static constexpr bool kPrecise = true;
  static constexpr int kSingleOrders = 0b1011;
  static constexpr int kHalfOrders = 0b1011;
  static constexpr int kFastOrders = 0b11;

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Tanh&, const T& x) {
    return tanh(x);
  }

  template <class N>
  static HWY_INLINE auto Value(const Tanh&, const N& x) {
    return CopySign(Round(TanhOfMagnitude(Abs(x))), Leading(x));
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Tanh&, const N& x) {
    return TanhSlopeOfMagnitude(Abs(x));
  }

  template <Order order, std::size_t K>
  static HWY_INLINE Mask<float, K> Near(const Tanh&, const Lanes<float, K>& x) {
    if constexpr (order == Order::derivative) return Abs(x) < kTanhSlopeReach;
    return x == x;
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Lanes<float, K> Far(const Tanh&, const Lanes<float, K>& x) {
    return FarTanhSlope(Abs(x));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Tanh&, const N& x) {
    return CopySign(Round(TanhCurvature(Abs(x))), Leading(-x));
  }

  template <class N>
  static HWY_INLINE auto DerivativeFromOutput(const Tanh&, const N& y) {
    return (1 - y) * (1 + y);
  }
};
