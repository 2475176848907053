// SPDX-License-Identifier: Apache-2.0
// ELiSH, the exponential linear sigmoid squashing function.
#include "editor/function_file.h"

template <>
struct Math<Elish> {
  static constexpr Facts kFacts = {
      .title = "ELiSH",
      .formula = "x >= 0 ? x * s : (exp(x) - 1) * s, s = 1 / (1 + exp(-x))",
      .derivative = "x >= 0 ? s + x * s * (1 - s) : s * (exp(x) + (exp(x) - 1) * (1 - s))",
      .source = "Basirat & Roth 2018, arXiv:1808.00783",
      .use =
          "Found by a search over combinations: silu on the right, and on the left elu times a "
          "sigmoid. It is smooth at 0 up to the first derivative and goes back to 0 for large "
          "negative x; its gains over silu are small.",
      .note =
          "silu from 0 on. The derivative is 1/2 on both sides of 0; the second derivative jumps "
          "there from 1 to 1/2, its value at 0.",
  };
  static constexpr auto kParameters = std::tuple<>{};
  static constexpr bool kPrecise = true;

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Elish&, const T& x) {
    const T s = 1 / (1 + exp(-x));
    return x >= 0 ? x * s : expm1(x) * s;
  }

  static int NearestSide(const Elish&, double x) { return SideOfHalf(x); }

  template <class N>
  static HWY_INLINE auto Value(const Elish&, const N& x) {
    const Decay<N> decay = DecayOf(Abs(x));
    const auto left = Round(decay.e * (Expm1Down(Clamp(x, -1600, 0)) / decay.one_plus));
    return Select(Leading(x) >= 0, TimesLogistic(x, x), left);
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Elish&, const N& x) {
    const Decay<N> decay = DecayOf(Abs(x));
    const N e = decay.unscaled;
    const N one_plus = decay.one_plus;
    const Scaled<N> left = decay.e * ((e * (2 + e) - 1) / (one_plus * one_plus));
    return Select(Leading(x) >= 0, SwishSlope(x), left);
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Elish&, const N& x) {
    const Decay<N> decay = DecayOf(Abs(x));
    const N e = decay.unscaled;
    const N cube = decay.one_plus * decay.one_plus * decay.one_plus;
    const Scaled<N> left = decay.e * ((e * (5 + e * (3 + e)) - 1) / cube);
    return Select(Leading(x) >= 0, SwishCurvature(x, 1), left);
  }
};
