// SPDX-License-Identifier: Apache-2.0
// Smish.
#include "editor/function_file.h"

template <>
struct Math<Smish> {
  static constexpr Facts kFacts = {
      .title = "Smish",
      .formula = "x * tanh(log(1 + s)), s = 1 / (1 + exp(-x))",
      .derivative = "t + x * (1 - t^2) * s * (1 - s) / (1 + s), t = tanh(log(1 + s))",
      .source = "Wang, Ren & Wang 2022, Electronics 11(4):540",
      .use =
          "Mish with a sigmoid inside: smooth, unbounded above, with a shallow dip below 0. Its "
          "paper reports small gains on image data; it costs more to compute than silu, which is "
          "the safer choice.",
      .note =
          "The paper's alpha * x * tanh(log(1 + sigmoid(beta * x))) with alpha = beta = 1, which "
          "it recommends. For large x it is 0.6 x, not x.",
  };
  static constexpr auto kParameters = std::tuple<>{};
  static constexpr bool kPrecise = true;

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Smish&, const T& x) {
    return x * tanh(log1p(1 / (1 + exp(-x))));
  }

  // tanh(log(1 + s)) as a quotient N / D, by e = e^-|x|:
  // x < 0: e (2 + 3e) / (2 + 6e + 5e^2), its factor e left out; x >= 0: (3 + 2e) / (5 + 6e + 2e^2).
  template <class N>
  struct Ratio {
    Decay<N> decay;
    N numerator, denominator;
    N slope;  // the ratio's derivative is 4 e slope / D^2
  };

  template <class N>
  static HWY_INLINE Ratio<N> RatioOf(const N& x) {
    const Decay<N> decay = DecayOf(Abs(x));
    const N e = decay.unscaled;
    const auto left = x < 0;
    const N numerator = Select(left, 2 + 3 * e, 3 + 2 * e);
    const N denominator = Select(left, 2 + e * (6 + 5 * e), 5 + e * (6 + 2 * e));
    return {decay, numerator, denominator, decay.one_plus * Select(left, 1 + 2 * e, 2 + e)};
  }

  template <class N>
  static HWY_INLINE auto Value(const Smish&, const N& x) {
    const N c = Clamp(x, -1600, 1600);
    const Ratio<N> r = RatioOf(x);
    const Scaled<N> t =
        Select(x < 0, r.decay.e * r.numerator, Scaled<N>(r.numerator)) / r.denominator;
    const auto line = RoundedProduct(kEnd[0], kEnd[1], x);
    return Select(Or(Leading(x) > 100, Leading(x) == 0), line, Round(t * c));
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Smish&, const N& x) {
    const N slope = 4 * Clamp(x, -1600, 1600);
    const Ratio<N> r = RatioOf(x);
    const N product = r.numerator * r.denominator;
    const N left = product + slope * r.slope;
    const N right = product + r.decay.unscaled * slope * r.slope;
    return Select(x < 0, r.decay.e * left, Scaled<N>(right)) / (r.denominator * r.denominator);
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Smish&, const N& x) {
    const N c = Clamp(x, -1600, 1600);
    const Ratio<N> r = RatioOf(x);
    const N e = r.decay.unscaled;
    const N left = 2 + e * (6 - e * (3 + e * (18 + 10 * e)));
    const N right = e * (e * (e * (6 + 2 * e) - 3) - 18) - 10;
    const N sum = 2 * r.slope * r.denominator + c * Select(x < 0, left, right);
    return r.decay.e * (4 * sum) / (r.denominator * r.denominator * r.denominator);
  }

 private:
  static constexpr double kEnd[] = {0.6, 0x1.999999999999ap-56};  // 3/5
};
