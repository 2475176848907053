// SPDX-License-Identifier: Apache-2.0
// Sparse plus, the integral of sparse_sigmoid.
#include "editor/function_file.h"

template <>
struct Math<SparsePlus> {
  static constexpr Facts kFacts = {
      .title = "SparsePlus",
      .formula = "x <= -1 ? 0 : x < 1 ? (x + 1)^2 / 4 : x",
      .derivative = "x <= -1 ? 0 : x < 1 ? (x + 1) / 2 : 1",
      .source = "JAX, jax.nn.sparse_plus",
      .use =
          "Softplus made of pieces: exactly 0 up to -1, exactly x from 1 on, a parabola between "
          "them. It is cheap and sparse, and its slope is continuous. Below -1 no gradient passes, "
          "as in relu.",
      .from_output = "sqrt(y): as exact as the output.",
  };
  static constexpr auto kParameters = std::tuple<>{};
  static constexpr int kSingleOrders = 0b11;

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const SparsePlus&, const T& x) {
    return x <= -1 ? T(0) : x >= 1 ? x : (x + 1) * (x + 1) / 4;
  }

  template <class N>
  static HWY_INLINE auto Value(const SparsePlus&, const N& x) {
    const N c = Clamp(x, -1, 1);
    if constexpr (kIsSingle<N>) {
      const auto s = TwoSum(c, N(1));
      return Select(x < 1, 0.25 * Fma(s.hi, s.hi, (s.hi + s.hi) * s.lo), x);
    } else {
      const N s = c + 1;
      return Select(x < 1, 0.25 * (s * s), x);
    }
  }

  template <class N>
  static HWY_INLINE auto Derivative(const SparsePlus&, const N& x) {
    return 0.5 * (Clamp(x, -1, 1) + 1);
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const SparsePlus&, const N& x) {
    return SelectOrZero(Leading(Abs(x)) < 1, LaneOf<N>(0.5));
  }

  template <class N>
  static HWY_INLINE auto DerivativeFromOutput(const SparsePlus&, const N& y) {
    return Select(y < 1, Sqrt(y), N(1));
  }
};
