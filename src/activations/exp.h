// SPDX-License-Identifier: Apache-2.0
// The exponential function.
#include "editor/function_file.h"

template <>
struct Math<Exp> {
  static constexpr Facts kFacts = {
      .title = "Exp",
      .formula = "exp(x)",
      .derivative = "exp(x)",
      .source = "Keras, keras.activations.exponential",
      .use =
          "Makes any number positive: for rates, scales and other outputs that must be greater "
          "than 0. As a hidden layer it is a bad choice: value and gradient grow without bound, "
          "and float32 overflows beyond 88.7. Softplus is the tame choice.",
      .from_output = "As exact as the output.",
  };
  static constexpr auto kParameters = std::tuple<>{};
  static constexpr bool kPrecise = true;
  static constexpr int kSingleOrders = 0b1011;
  static constexpr int kHalfOrders = 0b11;

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Exp&, const T& x) {
    return exp(x);
  }

  template <class N>
  static HWY_INLINE auto Value(const Exp&, const N& x) {
    return ExpOf(x);
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Exp&, const N& x) {
    return ExpOf(x);
  }

  template <Order order, std::size_t K>
  static HWY_INLINE Mask<float, K> Near(const Exp&, const Lanes<float, K>& x) {
    if constexpr (order == Order::derivative_from_output) return x == x;
    return Abs(x) < kCleanReach;
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Lanes<float, K> Far(const Exp&, const Lanes<float, K>& x) {
    return FarExp(x);
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Exp&, const N& x) {
    return ExpOf(x);
  }

  template <class N>
  static HWY_INLINE auto DerivativeFromOutput(const Exp&, const N& y) {
    return y;
  }
};
