// SPDX-License-Identifier: Apache-2.0
// Serf, the log-softplus error activation.
#include "editor/function_file.h"

template <>
struct Math<Serf> {
  static constexpr Facts kFacts = {
      .title = "Serf",
      .formula = "x * erf(s), s = log(1 + exp(x))",
      .derivative = "erf(s) + x * 2/sqrt(pi) * exp(-s^2) / (1 + exp(-x))",
      .source = "Nag & Bhattacharyya 2021, arXiv:2108.09598",
      .use =
          "Mish with erf in place of tanh: it goes to x faster on the right and has a similar "
          "dip below 0. Its paper reports gains over relu and mish in vision and language; few "
          "models use it, and it is dear to compute.",
      .note = "Like mish, with erf in place of tanh.",
  };
  static constexpr auto kParameters = std::tuple<>{};
  static constexpr int kSingleOrders = 0b01;

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Serf&, const T& x) {
    return x * erf(log1p(exp(x)));
  }

  static constexpr double kTail = -60;  // below, erf(s) is 2/sqrt(pi) e^x

  // s, and e^-|x|, which makes it.
  template <class N>
  struct Inner {
    Decay<N> decay;
    N s;
  };

  template <class N>
  static HWY_INLINE Inner<N> InnerOf(const N& x) {
    const N a = Abs(x);
    const N gap = Unscaled(Log1pOfDecay(a));
    return {DecayOf(a), Select(x < 0, gap, x + gap)};
  }

  template <class N>
  static HWY_INLINE auto Value(const Serf&, const N& x) {
    if constexpr (kIsSingle<N>) {
      return SingleValue(x);
    } else {
      const N c = Clamp(x, -1600, 20);
      const Inner<N> inner = InnerOf(c);
      const Scaled<N> tail = inner.decay.e * TwoOverSqrtPi<N>();
      const auto y = Round(Select(x < kTail, tail, Scaled<N>(ErfOfMagnitude(inner.s))) * c);
      return ItselfBeyond(10, x, y);
    }
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Serf&, const N& x) {
    const N c = Clamp(x, -1600, 20);
    const Inner<N> inner = InnerOf(c);
    const N factor = TwoOverSqrtPi<N>() * Unscaled(ExpDown(-(inner.s * inner.s)));
    const N slope = Select(x < 0, inner.decay.unscaled, N(1)) / inner.decay.one_plus;
    const N y = ErfOfMagnitude(inner.s) + c * factor * slope;
    return Select(x < kTail, inner.decay.e * (TwoOverSqrtPi<N>() * (1 + c)), Scaled<N>(y));
  }

  template <Order order, std::size_t K>
  static HWY_INLINE Mask<float, K> Near(const Serf&, const Lanes<float, K>& x) {
    return x > -kCleanReach;
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Lanes<float, K> Far(const Serf&, const Lanes<float, K>& x) {
    const SinglePair<K> slope =
        InSingles<K>(coefficients::kTwoOverSqrtPi[0], coefficients::kTwoOverSqrtPi[1]);
    return FarBelow(Times(Max(x, -200), slope), SinglePairOf(x));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Serf&, const N& x) {
    const N c = Clamp(x, -1600, 40);  // 0 beyond
    const Inner<N> inner = InnerOf(c);
    const N e = inner.decay.unscaled;
    const N one_plus = inner.decay.one_plus;
    const N coefficient = Select(x < 0, 1 - 2 * inner.s * e, e - 2 * inner.s);
    const Scaled<N> bell = ExpDown(-(inner.s * inner.s));
    const Scaled<N> scale = Select(x < 0, bell * inner.decay.e, bell);
    return scale * (TwoOverSqrtPi<N>() * (2 * one_plus + c * coefficient)) / (one_plus * one_plus);
  }

 private:
  static constexpr double kErfOfLogTwo = 0x1.5898de309a863p-1;

  // From 12 on it is x.
  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> SingleValue(const Lanes<float, K>& x) {
    const SinglePair<K> s = Renormalized(Log1pOfExp(SinglePairOf(Min(x, 12))).AsPair());
    // The parts of the smallest results are subnormal: there the factor must be exact.
    const SinglePair<K> at_zero = InSingles<K>(kErfOfLogTwo, 0);
    const SinglePair<K> factor = Select(Abs(x) < 0x1p-60, at_zero, ErfOfSingle(s));
    return Select(x > 12, x, RoundedTimes(x, factor));
  }
};
