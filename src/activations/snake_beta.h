// SPDX-License-Identifier: Apache-2.0
// SnakeBeta, snake with an amplitude of its own.
#include "editor/function_file.h"

template <>
struct Math<SnakeBeta> {
  static constexpr Facts kFacts = {
      .title = "SnakeBeta",
      .formula = "x + sin(alpha x)^2 / beta",
      .derivative = "1 + alpha / beta * sin(2 alpha x)",
      .source =
          "Lee et al. 2022 (BigVGAN), arXiv:2206.04658, after Ziyin, Hartwig & Ueda 2020, "
          "arXiv:2006.08195",
      .use =
          "Snake with an amplitude of its own: alpha sets the frequency of the periodic part "
          "and beta its size. Use it, learned per channel, in networks for audio, which must "
          "continue waves; for other data relu or silu are simpler.",
      .note =
          "alpha and beta are the effective numbers: BigVGAN stores their logarithms (with "
          "alpha_logscale) and adds 1e-9 to beta. beta = alpha gives snake. The derivatives have "
          "no limit at an infinite x: NaN.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&SnakeBeta::alpha>{"alpha", Condition::finite},
                 Parameter<&SnakeBeta::beta>{"beta", Condition::positive}};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const SnakeBeta& p, const T& x) {
    if (p.alpha == 0) return x;
    const T s = sin(p.alpha * x);
    return x + s * s / p.beta;
  }

  template <class N>
  static HWY_INLINE auto Value(const SnakeBeta& p, const N& x) {
    if (p.alpha == 0) return Leading(x);
    const auto y = ValueOf(p, x);
    if constexpr (kIsPair<N>) return y;
    if (!IsSteep(p)) return y;
    return WithPairs(y, Abs(y) < kCancelled * Abs(Leading(x)),
                     [&]() HWY_ATTR { return ValueOf(p, AsPair(x)); });
  }

  template <class N>
  static HWY_INLINE auto Derivative(const SnakeBeta& p, const N& x) {
    if (p.alpha == 0) return LaneOf<N>(1);
    if (!IsSteep(p)) return Round(GentleSlope(p, x));
    const auto y = Round(SteepSlope(p, x));
    if constexpr (kIsPair<N>) return y;
    return WithPairs(y, Abs(y) < kCancelled,
                     [&]() HWY_ATTR { return Round(SteepSlope(p, AsPair(x))); });
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const SnakeBeta& p, const N& x) {
    if (p.alpha == 0) return N(0);
    return N(2 * p.alpha) / p.beta * p.alpha * CosOfTwice<N>(AngleOf(x, p.alpha));
  }

  static constexpr std::string_view kLearnable[] = {"alpha", "beta"};

  // x sin(2 alpha x) / beta
  template <class N>
  static HWY_INLINE auto ParameterDerivative(const SnakeBeta& p, const N& x, ParameterIndex<0>) {
    if (p.alpha == 0) return LaneOf<N>(0);
    const SinCos<N> c = SinCosOf<N>(AngleOf(x, p.alpha));
    const auto unit = Select(Abs(Leading(x)) > 0x1p800, 0x1p-200, LaneOf<N>(1));  // or it overflows
    return Round(2 * (x * unit / p.beta) * c.sin * c.cos) / unit;
  }
  // -(sin(alpha x) / beta)^2
  template <class N>
  static HWY_INLINE auto ParameterDerivative(const SnakeBeta& p, const N& x, ParameterIndex<1>) {
    if (p.alpha == 0) return LaneOf<N>(0);
    const N ratio = SinCosOf<N>(AngleOf(x, p.alpha)).sin / p.beta;
    return Round(-(ratio * ratio));
  }

 private:
  // Steeper than snake it has roots below 0, as its derivative has: only pairs are exact there. The
  // errors of doubles are below 2^-34 of the terms of a sum.
  static constexpr double kCancelled = 0x1p-7;

  static HWY_INLINE bool IsSteep(const SnakeBeta& p) { return std::abs(p.alpha) > p.beta; }

  // y, with the lanes of by_pairs() where `cancelled` holds.
  template <class V, class Holds, class ByPairs>
  static HWY_INLINE V WithPairs(const V& y, const Holds& cancelled, const ByPairs& by_pairs) {
    if (HWY_LIKELY(!AnyOf(cancelled))) return y;
    return Select(cancelled, by_pairs(), y);
  }

  template <class N>
  static HWY_INLINE N SteepSlope(const SnakeBeta& p, const N& x) {
    const SinCos<N> c = SinCosOf<N>(AngleOf(x, p.alpha));
    return 1 + N(2 * p.alpha) / p.beta * c.sin * c.cos;
  }

  // It may touch 0: a sum of what is not negative.
  template <class N>
  static HWY_INLINE N GentleSlope(const SnakeBeta& p, const N& x) {
    const N ratio = N(std::abs(p.alpha)) / p.beta;
    return (1 - ratio) + ratio * OnePlusSinOfTwice<N>(AngleOf(x, p.alpha), p.alpha < 0);
  }

  template <class N>
  static HWY_INLINE auto ValueOf(const SnakeBeta& p, const N& x) {
    const N s = SinCosOf<N>(AngleOf(x, p.alpha)).sin;
    const auto infinite = Abs(Leading(x)) > std::numeric_limits<double>::max();
    const auto itself = Or(infinite, Leading(x) == 0);
    return Select(itself, Leading(x), Round(x + s * s / p.beta));
  }
};
