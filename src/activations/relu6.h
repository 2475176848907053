// SPDX-License-Identifier: Apache-2.0
// ReLU capped at 6.
#include "editor/function_file.h"

template <>
struct Math<Relu6> {
  static constexpr Facts kFacts = {
      .title = "ReLU6",
      .formula = "min(max(x, 0), 6)",
      .derivative = "0 < x < 6 ? 1 : 0",
      .source = "Krizhevsky 2010, Convolutional Deep Belief Networks on CIFAR-10",
      .use =
          "Relu with the cap 6: the range is known, which helps arithmetic with few bits. The "
          "activation of MobileNetV2. Below 0 and above 6 the gradient is 0.",
      .from_output = "Exact.",
  };
  static constexpr bool kNative = true;
  static constexpr bool kSelects = true;
  static constexpr auto kParameters = std::tuple<>{};

  static kernels::Slopes TwoSlopes(const Relu6&) { return {1, 0}; }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Relu6&, const T& x) {
    return x <= 0 ? T(0) : x >= 6 ? T(6) : x;
  }

  template <class N>
  static HWY_INLINE auto Value(const Relu6&, const N& x) {
    return SelectOrZero(x >= 0, Min(x, 6));
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Relu6&, const N& x) {
    return SelectOrZero(And(x > 0, x < 6), N(1));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Relu6&, const N&) {
    return N(0);
  }

  template <class N>
  static HWY_INLINE auto DerivativeFromOutput(const Relu6&, const N& y) {
    return SelectOrZero(And(y > 0, y < 6), N(1));
  }
};
