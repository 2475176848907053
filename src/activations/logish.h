// SPDX-License-Identifier: Apache-2.0
// Logish.
#include "editor/function_file.h"

template <>
struct Math<Logish> {
  static constexpr Facts kFacts = {
      .title = "Logish",
      .formula = "x * log(1 + s), s = 1 / (1 + exp(-x))",
      .derivative = "log(1 + s) + x * s * (1 - s) / (1 + s)",
      .source = "Zhu, Zeng, Liu & Zhang 2021, Neurocomputing 458, doi:10.1016/j.neucom.2021.06.067",
      .use =
          "Swish with log(1 + sigmoid(x)) in place of the sigmoid: smooth, not monotone, and "
          "flatter than silu for x > 0, where its slope goes to log 2. Its paper reports small "
          "gains in image networks; few models use it.",
      .note =
          "The paper's variant alpha * x * log(1 + sigmoid(beta * x)), with alpha = 1 and beta = "
          "10, is logish(10 x) / 10. For large x it is x log 2, not x.",
  };
  static constexpr auto kParameters = std::tuple<>{};
  static constexpr int kSingleOrders = 0b11;

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Logish&, const T& x) {
    return x * log1p(1 / (1 + exp(-x)));
  }

  static constexpr double kTail = -60;  // below, log(1 + s) is e^x

  // By e = e^-|x|: log(1 + s), and the slope of that without its factor e.
  template <class N>
  struct Parts {
    Decay<N> decay;
    N log;
    N inverse_slope;
  };

  template <class N>
  static HWY_INLINE Parts<N> PartsOf(const N& x) {
    const Decay<N> decay = DecayOf(Abs(x));
    const N s = Select(x < 0, decay.unscaled, N(1)) / decay.one_plus;
    const N factor = Select(x < 0, 1 + 2 * decay.unscaled, 2 + decay.unscaled);
    return {decay, Log1pOf(s), decay.one_plus * factor};
  }

  template <class N>
  static HWY_INLINE auto Value(const Logish&, const N& x) {
    if constexpr (kIsSingle<N>) {
      return SingleValue(x);
    } else {
      const N c = Clamp(x, -1600, 1600);
      const Parts<N> parts = PartsOf(x);
      const auto y = Round(Select(x < kTail, parts.decay.e, Scaled<N>(parts.log)) * c);
      const auto line = RoundedProduct(coefficients::kLogTwo[0], coefficients::kLogTwo[1], x);
      return Select(Or(Leading(x) > 100, Leading(x) == 0), line, y);
    }
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Logish&, const N& x) {
    if constexpr (kIsSingle<N>) {
      return SingleDerivative(x);
    } else {
      const N c = Clamp(x, -1600, 1600);
      const Parts<N> parts = PartsOf(x);
      const N y = parts.log + c * parts.decay.unscaled / parts.inverse_slope;
      return Select(x < kTail, parts.decay.e * (1 + c), Scaled<N>(y));
    }
  }

  template <Order order, std::size_t K>
  static HWY_INLINE Mask<float, K> Near(const Logish&, const Lanes<float, K>& x) {
    return And(x > -kCleanReach, x < kSingleMost);
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Lanes<float, K> Far(const Logish&, const Lanes<float, K>& x) {
    using V = Lanes<float, K>;
    constexpr auto& end = coefficients::kLogTwo;
    const V c = Max(x, -200);
    if constexpr (order == Order::value) {
      return Select(x > 0, RoundedProduct(end[0], end[1], x), FarBelow(c, x));
    }
    return Select(x > 0, V(end[0]), FarBelow(1 + c, x));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Logish&, const N& x) {
    const N c = Clamp(x, -1600, 1600);
    const Parts<N> parts = PartsOf(x);
    const N e = parts.decay.unscaled;
    const N coefficient = Select(x < 0, 1 - 2 * e * e, e * e - 2);
    const N sum = 2 * parts.inverse_slope + c * coefficient;
    return parts.decay.e * sum / (parts.inverse_slope * parts.inverse_slope);
  }

 private:
  static constexpr double kLogOfThreeHalves = 0x1.9f323ecbf984cp-2;

  // e = e^-|x|, and log(1 + s).
  template <std::size_t K>
  struct SingleParts {
    SinglePair<K> e, log;
  };
  template <std::size_t K>
  static HWY_INLINE SingleParts<K> SinglePartsOf(const Lanes<float, K>& x) {
    const SingleExp<K> decay = SplitSingleExp(-Min(Abs(x), kSingleReach));
    const SinglePair<K> e = SumOf(decay);
    const SinglePair<K> one = SinglePairOf(Lanes<float, K>(1));
    const SinglePair<K> s = QuotientOf(Select(x < 0, e, one), OnePlus(decay));
    return {e, Renormalized(Log1pOfSingle(s).AsPair())};
  }
  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> SingleValue(const Lanes<float, K>& x) {
    // The parts of the smallest results are subnormal: there the factor must be exact.
    const SinglePair<K> at_zero = InSingles<K>(kLogOfThreeHalves, 0);
    const SinglePair<K> factor = Select(Abs(x) < 0x1p-60, at_zero, SinglePartsOf(x).log);
    return WithSign(RoundedTimes(x, factor), x);
  }
  // log(1 + s) + x e / d: d = (1 + e)(1 + 2e) for x < 0, else (1 + e)(2 + e).
  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> SingleDerivative(const Lanes<float, K>& x) {
    using V = Lanes<float, K>;
    const auto left = x < 0;
    const auto [e, log] = SinglePartsOf(x);
    const SinglePair<K> line = LineOf(e, V(3), Select(left, 2, V(1)));
    const auto d = DenominatorOf(Plus(Times(e, line), Select(left, 1, V(2))));
    const SinglePair<K> y = Plus(log, QuotientOf(Times(x, e), d));
    return y.hi + y.lo;
  }
};
