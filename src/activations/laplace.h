// SPDX-License-Identifier: Apache-2.0
// Laplace, the squashing function of MEGA: a normal distribution.
#include "editor/function_file.h"

template <>
struct Math<Laplace> {
  static constexpr Facts kFacts = {
      .title = "Laplace",
      .formula = "(1 + erf((x - mu) / (sigma sqrt(2)))) / 2",
      .derivative = "exp(-((x - mu) / sigma)^2 / 2) / (sigma sqrt(2 pi))",
      .source = "Ma et al. 2022 (MEGA), arXiv:2209.10655",
      .use =
          "The attention function of MEGA, in place of softmax: each score becomes a weight from 0 "
          "to 1 without a sum over the row. With the default mu and sigma it imitates relu_squared "
          "but is bounded, which is said to be more stable. The weights of a row need not sum to "
          "1, and for large |x| the gradient vanishes.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Laplace::mu>{"mu", Condition::finite},
                 Parameter<&Laplace::sigma>{"sigma", Condition::positive}};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Laplace& p, const T& x) {
    return erfc((p.mu - x) / (p.sigma * sqrt(T(2)))) / 2;
  }

  // (x - mu) / sigma
  template <class N>
  static HWY_INLINE N Standardized(const Laplace& p, const N& x) {
    return Clamp((Clamp(x, -0x1p600, 0x1p600) - p.mu) / p.sigma, -0x1p600, 0x1p600);
  }

  template <class N>
  static HWY_INLINE Scaled<N> Bell(const N& t) {
    const N c = Clamp(t, -70, 70);
    return ExpDown(-0.5 * (c * c));
  }

  template <class N>
  static HWY_INLINE auto Value(const Laplace& p, const N& x) {
    const N t = Standardized(p, x);
    const GaussTail<N> tail = GaussTailOf(Abs(t));
    const Scaled<N> low = tail.bell * tail.g;
    return Select(t < 0, low, Scaled<N>(1 - Unscaled(low)));
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Laplace& p, const N& x) {
    return Bell(Standardized(p, x)) * (InverseSqrt2Pi<N>() / p.sigma);
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Laplace& p, const N& x) {
    const N t = Standardized(p, x);
    return Bell(t) * (InverseSqrt2Pi<N>() / p.sigma / p.sigma) * -t;
  }
};
