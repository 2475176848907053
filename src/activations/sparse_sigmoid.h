// SPDX-License-Identifier: Apache-2.0
// Sparse sigmoid, the hard sigmoid of BinaryConnect.
#include "editor/function_file.h"

template <>
struct Math<SparseSigmoid> {
  static constexpr Facts kFacts = {
      .title = "SparseSigmoid",
      .formula = "min(max((x + 1) / 2, 0), 1)",
      .derivative = "-1 < x < 1 ? 1/2 : 0",
      .source = "Courbariaux, Bengio & David 2015, arXiv:1511.00363; JAX",
      .use =
          "Sparsemax of the two scores x and 0, as sigmoid is their softmax: for probabilities "
          "that may be exactly 0 or 1. Outside of (-1, 1) no gradient passes, so a unit that is "
          "sure and wrong does not learn.",
      .from_output = "Exact but for the last inputs before 1, whose outputs round to 1.",
  };
  static constexpr bool kNative = true;
  static constexpr auto kParameters = std::tuple<>{};

  static kernels::Slopes TwoSlopes(const SparseSigmoid&) { return {0.5, 0}; }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const SparseSigmoid&, const T& x) {
    return x <= -1 ? T(0) : x >= 1 ? T(1) : (x + 1) / 2;
  }

  template <class N>
  static HWY_INLINE auto Value(const SparseSigmoid&, const N& x) {
    return (Clamp(x, -1, 1) + 1) * 0.5;
  }

  template <class N>
  static HWY_INLINE auto Derivative(const SparseSigmoid&, const N& x) {
    return SelectOrZero(Abs(x) < 1, N(0.5));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const SparseSigmoid&, const N&) {
    return N(0);
  }

  template <class N>
  static HWY_INLINE auto DerivativeFromOutput(const SparseSigmoid&, const N& y) {
    return SelectOrZero(And(y > 0, y < 1), N(0.5));
  }
};
