// SPDX-License-Identifier: Apache-2.0
// Softplus.
#include "editor/function_file.h"

template <>
struct Math<Softplus> {
  static constexpr Facts kFacts = {
      .title = "Softplus",
      .formula = "beta * x > threshold ? x : log(1 + exp(beta * x)) / beta",
      .derivative = "beta * x > threshold ? 1 : 1 / (1 + exp(-beta * x))",
      .source = "Dugas, Bengio, Bélisle, Nadeau & Garcia 2001, NeurIPS 13",
      .use =
          "A smooth relu that is always positive: for outputs that must be greater than 0, such as "
          "variances and rates. As a hidden layer it is seldom better than relu and costs more. "
          "Far below 0 the gradient vanishes.",
      .note =
          "beta must be between 2^-100 and 2^100; threshold may be +inf, which never switches, but "
          "not -inf.",
      .from_output = "1 - exp(-beta y), by expm1: as exact as the output.",
  };
  static std::string_view Conflict(const Softplus& p) {
    if (p.beta < 0x1p-100F || p.beta > 0x1p100F) return "beta must be between 2^-100 and 2^100";
    return p.threshold < -0x1.fffffep127F ? "threshold must exceed -inf" : "";
  }
  static constexpr auto kParameters =
      std::tuple{Parameter<&Softplus::beta>{"beta", Condition::positive},
                 Parameter<&Softplus::threshold>{"threshold", Condition::number}};
  static constexpr bool kPrecise = true;
  static constexpr int kSingleOrders = 0b10;
  static bool SingleFits(const Softplus& p) { return p.beta == 1; }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Softplus& p, const T& x) {
    return x * p.beta > p.threshold ? x : log1p(exp(x * p.beta)) / p.beta;
  }

  // Near the switch two inputs have one output; from 20 on their derivatives differ by 2e-9.
  static std::string_view OutputConflict(const Softplus& p) {
    return p.threshold >= 20 ? "" : "threshold must be at least 20";
  }

  template <class N>
  static HWY_INLINE auto Value(const Softplus& p, const N& x) {
    const N z = x * p.beta;
    const Scaled<N> gap = Log1pOfDecay(Abs(z)) / p.beta;
    const auto y = Round(Select(z < 0, gap, Scaled<N>(x + Unscaled(gap))));
    return Select(Or(z > p.threshold, z > 800), Leading(x), y);
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Softplus& p, const N& x) {
    const N z = x * p.beta;
    return Select(z > p.threshold, Scaled<N>(1), Scaled<N>(RoughLogistic(z)));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Softplus& p, const N& x) {
    const N z = x * p.beta;
    return Select(z > p.threshold, Scaled<N>(0), LogisticSlope(DecayOf(Abs(z))) * p.beta);
  }

  template <class N>
  static HWY_INLINE auto DerivativeFromOutput(const Softplus& p, const N& y) {
    const N z = y * p.beta;
    return Select(z > p.threshold, N(1), -Expm1Down(-z));
  }
};
