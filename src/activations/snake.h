// SPDX-License-Identifier: Apache-2.0
// Snake, for periodic data.
#include "editor/function_file.h"

template <>
struct Math<Snake> {
  static constexpr Facts kFacts = {
      .title = "Snake",
      .formula = "x + sin(alpha x)^2 / alpha",
      .derivative = "1 + sin(2 alpha x)",
      .source = "Ziyin, Hartwig & Ueda 2020, arXiv:2006.08195",
      .use =
          "x plus a periodic part: for signals with a period, above all audio (vocoders such as "
          "BigVGAN). alpha sets the frequency and is usually learned. It never decreases, but its "
          "gradient is 0 at isolated points.",
      .note = "alpha = 0 gives x, its limit. The derivatives have no limit at an infinite x: NaN.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Snake::alpha>{"alpha", Condition::finite}};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Snake& p, const T& x) {
    if (p.alpha == 0) return x;
    const T s = sin(p.alpha * x);
    return x + s * s / p.alpha;
  }

  template <class N>
  static HWY_INLINE auto Value(const Snake& p, const N& x) {
    if (p.alpha == 0) return Leading(x);
    const N s = SinCosOf<N>(AngleOf(x, p.alpha)).sin;
    const auto infinite = Abs(Leading(x)) > std::numeric_limits<double>::max();
    const auto itself = Or(infinite, Leading(x) == 0);
    return Select(itself, Leading(x), Round(x + s * s / p.alpha));
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Snake& p, const N& x) {
    if (p.alpha == 0) return N(1);
    if constexpr (kIsPair<N>) return OnePlusSinOfTwice<N>(AngleOf(x, p.alpha), false);
    const SinCos<N> c = SinCosOf<N>(AngleOf(x, p.alpha));
    const N sum = c.sin + c.cos;
    return sum * sum;
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Snake& p, const N& x) {
    if (p.alpha == 0) return N(0);
    const SinCos<N> c = SinCosOf<N>(AngleOf(x, p.alpha));
    return 2 * p.alpha * ((c.cos - c.sin) * (c.cos + c.sin));
  }

  static constexpr std::string_view kLearnable[] = {"alpha"};

  // x sin(2 alpha x) / alpha - sin(alpha x)^2 / alpha^2
  template <class N>
  static HWY_INLINE auto ParameterDerivative(const Snake& p, const N& x, ParameterIndex<0>) {
    if (p.alpha == 0) return Leading(x) * Leading(x);
    const SinCos<N> c = SinCosOf<N>(AngleOf(x, p.alpha));
    const N ratio = c.sin / p.alpha;
    const auto unit = Select(Abs(Leading(x)) > 0x1p800, 0x1p-200, LaneOf<N>(1));  // or it overflows
    return Round(ratio * (2 * (x * unit) * c.cos - ratio * unit)) / unit;
  }
};
