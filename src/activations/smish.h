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
  static constexpr int kSingleOrders = 0b01;

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
    if constexpr (kIsSingle<N>) {
      return SingleValue(x);
    } else {
      const N c = Clamp(x, -1600, 1600);
      const Ratio<N> r = RatioOf(x);
      const Scaled<N> t =
          Select(x < 0, r.decay.e * r.numerator, Scaled<N>(r.numerator)) / r.denominator;
      const auto line = RoundedProduct(kEnd[0], kEnd[1], x);
      return Select(Or(Leading(x) > 100, Leading(x) == 0), line, Round(t * c));
    }
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

  template <Order order, std::size_t K>
  static HWY_INLINE Mask<float, K> Near(const Smish&, const Lanes<float, K>& x) {
    return And(x > -kCleanReach, x < kSingleMost);
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Lanes<float, K> Far(const Smish&, const Lanes<float, K>& x) {
    return Select(x > 0, RoundedProduct(kEnd[0], kEnd[1], x), FarBelow(Max(x, -200), x));
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

  // e, and numerator and denominator.
  template <std::size_t K>
  struct SingleRatio {
    SinglePair<K> e, numerator, denominator;
  };
  template <std::size_t K>
  static HWY_INLINE SingleRatio<K> SingleRatioOf(const Lanes<float, K>& x) {
    using V = Lanes<float, K>;
    const auto left = x < 0;
    const SinglePair<K> e = ExpOfSingle(-Min(Abs(x), kSingleReach));
    const SinglePair<K> line = LineOf(e, V(6), Select(left, 5, V(2)));
    return {e, LineOf(e, Select(left, 2, V(3)), Select(left, 3, V(2))),
            Plus(Times(e, line), Select(left, 2, V(5)))};
  }
  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> SingleValue(const Lanes<float, K>& x) {
    const SingleRatio<K> r = SingleRatioOf(x);
    const SinglePair<K> n = Select(x < 0, Times(r.e, r.numerator), r.numerator);
    return WithSign(RoundedTimes(x, QuotientOf(n, DenominatorOf(r.denominator))), x);
  }
};
