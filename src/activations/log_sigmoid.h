// SPDX-License-Identifier: Apache-2.0
// The logarithm of the sigmoid.
#include "editor/function_file.h"

template <>
struct Math<LogSigmoid> {
  static constexpr Facts kFacts = {
      .title = "LogSigmoid",
      .formula = "-log(1 + exp(-x))",
      .derivative = "1 / (1 + exp(x))",
      .source = "PyTorch, torch.nn.LogSigmoid",
      .use =
          "The logarithm of sigmoid, computed without rounding the probability first: for the "
          "losses of yes/no outputs and of rankings. As a hidden layer it is seldom used: all its "
          "outputs are negative.",
      .from_output = "1 - exp(y), by expm1: as exact as the output.",
  };
  static constexpr auto kParameters = std::tuple<>{};
  static constexpr bool kPrecise = true;
  static constexpr int kSingleOrders = 0b11;
  static constexpr int kHalfOrders = 0b11;
  static constexpr int kFastOrders = 0b11;

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const LogSigmoid&, const T& x) {
    return -log1p(exp(-x));
  }

  template <class N>
  static HWY_INLINE auto Value(const LogSigmoid&, const N& x) {
    if constexpr (kIsSingle<N>) {
      return -Log1pOfExp(SinglePairOf(-x)).Rounded();
    } else {
      const Scaled<N> gap = Log1pOfDecay(Abs(x));
      const auto y = Round(Select(Leading(x) < 0, Scaled<N>(x - Unscaled(gap)), -gap));
      return Select(Leading(x) < -1600, Leading(x), y);
    }
  }

  template <class N>
  static HWY_INLINE auto Derivative(const LogSigmoid&, const N& x) {
    return Logistic(-x);
  }

  template <Order order, std::size_t K>
  static HWY_INLINE Mask<float, K> Near(const LogSigmoid&, const Lanes<float, K>& x) {
    if constexpr (order == Order::value) return And(-kSingleMost < x, x < kCleanReach);
    return x < kSingleReach;
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Lanes<float, K> Far(const LogSigmoid&, const Lanes<float, K>& x) {
    const auto decay = FarBelow(Lanes<float, K>(1), -x);
    if constexpr (order == Order::value) return Select(x < 0, x, -decay);
    return decay;
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const LogSigmoid&, const N& x) {
    return -LogisticSlope(DecayOf(Abs(x)));
  }

  template <class N>
  static HWY_INLINE auto DerivativeFromOutput(const LogSigmoid&, const N& y) {
    return -Expm1Down(y);
  }
};
