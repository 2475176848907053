// SPDX-License-Identifier: Apache-2.0
// Leaky ReLU.
#include "editor/function_file.h"

template <>
struct Math<LeakyRelu> {
  static constexpr Facts kFacts = {
      .title = "LeakyReLU",
      .formula = "x > 0 ? x : negative_slope * x",
      .derivative = "x > 0 ? 1 : negative_slope",
      .source = "Maas, Hannun & Ng 2013, ICML workshop",
      .use =
          "Relu with a small slope below 0, so that units keep a gradient and do not die: common "
          "in the discriminators of GANs and in YOLO's early versions. The slope is one more "
          "setting to choose. Unlike elu it does not bound negative values.",
      .note =
          "The slope is 0.01 in PyTorch, ONNX and JAX, 0.2 in Keras' function, 0.3 in Keras' "
          "layer. At 0 the derivative is the slope here and in PyTorch, 1 in JAX.",
      .from_output = "Exact, unless a small negative input times the slope vanishes.",
  };
  static constexpr bool kNative = true;
  static constexpr auto kParameters =
      std::tuple{Parameter<&LeakyRelu::negative_slope>{"negative_slope", Condition::finite}};

  static kernels::Slopes TwoSlopes(const LeakyRelu& p) { return {1, p.negative_slope}; }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const LeakyRelu& p, const T& x) {
    return x > 0 ? x : x * p.negative_slope;
  }

  static std::string_view OutputConflict(const LeakyRelu& p) {
    return p.negative_slope >= 0 ? "" : "negative_slope must not be negative";
  }

  template <class N>
  static HWY_INLINE auto Value(const LeakyRelu& p, const N& x) {
    if (p.negative_slope == 0) return SelectOrZero(x > 0, x);  // 0 * -inf is NaN
    return Select(x > 0, x, x * p.negative_slope);
  }

  template <class N>
  static HWY_INLINE auto Derivative(const LeakyRelu& p, const N& x) {
    return Select(x > 0, N(1), N(p.negative_slope));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const LeakyRelu&, const N&) {
    return N(0);
  }

  template <class N>
  static HWY_INLINE auto DerivativeFromOutput(const LeakyRelu& p, const N& y) {
    return Select(y > 0, N(1), N(p.negative_slope));
  }

  static constexpr std::string_view kLearnable[] = {"negative_slope"};

  template <class N>
  static HWY_INLINE auto ParameterDerivative(const LeakyRelu&, const N& x, ParameterIndex<0>) {
    return Select(x > 0, N(0), x);
  }
};
