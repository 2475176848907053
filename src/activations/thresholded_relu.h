// SPDX-License-Identifier: Apache-2.0
// Thresholded ReLU.
#include "editor/function_file.h"

template <>
struct Math<ThresholdedRelu> {
  static constexpr Facts kFacts = {
      .title = "ThresholdedReLU",
      .formula = "x > alpha ? x : 0",
      .derivative = "x > alpha ? 1 : 0",
      .source = "Konda, Memisevic & Krueger 2014, arXiv:1402.3337; ONNX",
      .use =
          "Passes only x above alpha: for features that count only when they are strong, as in "
          "autoencoders without biases. It jumps from 0 to alpha, and below alpha there is no "
          "gradient, so units can die.",
      .from_output = "Exact.",
  };
  static constexpr bool kNative = true;
  static constexpr bool kSelects = true;
  static constexpr auto kParameters =
      std::tuple{Parameter<&ThresholdedRelu::alpha>{"alpha", Condition::finite}};

  static kernels::Slopes TwoSlopes(const ThresholdedRelu&) { return {1, 0}; }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const ThresholdedRelu& p, const T& x) {
    return x > p.alpha ? x : T(0);
  }

  static std::string_view OutputConflict(const ThresholdedRelu& p) {
    return p.alpha >= 0 ? "" : "alpha must not be negative";
  }

  template <class N>
  static HWY_INLINE auto Value(const ThresholdedRelu& p, const N& x) {
    return SelectOrZero(x > p.alpha, x);
  }

  template <class N>
  static HWY_INLINE auto Derivative(const ThresholdedRelu& p, const N& x) {
    return SelectOrZero(x > p.alpha, N(1));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const ThresholdedRelu&, const N&) {
    return N(0);
  }

  template <class N>
  static HWY_INLINE auto DerivativeFromOutput(const ThresholdedRelu& p, const N& y) {
    return SelectOrZero(y > p.alpha, N(1));
  }
};
