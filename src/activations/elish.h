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
  static constexpr int kSingleOrders = 0b11;

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Elish&, const T& x) {
    const T s = 1 / (1 + exp(-x));
    return x >= 0 ? x * s : expm1(x) * s;
  }

  static int NearestSide(const Elish&, double x) { return SideOfHalf(x); }

  template <class N>
  static HWY_INLINE auto Value(const Elish&, const N& x) {
    if constexpr (kIsSingle<N>) {
      return SingleValue(x);
    } else {
      const Decay<N> decay = DecayOf(Abs(x));
      const auto left = Round(decay.e * (Expm1Down(Clamp(x, -1600, 0)) / decay.one_plus));
      return Select(Leading(x) >= 0, TimesLogistic(x, x), left);
    }
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Elish&, const N& x) {
    if constexpr (kIsSingle<N>) {
      return SingleDerivative(x);
    } else {
      const Decay<N> decay = DecayOf(Abs(x));
      const N e = decay.unscaled;
      const N one_plus = decay.one_plus;
      const Scaled<N> left = decay.e * ((e * (2 + e) - 1) / (one_plus * one_plus));
      return Select(Leading(x) >= 0, SwishSlope(x), left);
    }
  }

  template <Order order, std::size_t K>
  static HWY_INLINE Mask<float, K> Near(const Elish&, const Lanes<float, K>& x) {
    return And(x > -kCleanReach, x < kSingleMost);
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Lanes<float, K> Far(const Elish&, const Lanes<float, K>& x) {
    const auto right = order == Order::value ? x : Lanes<float, K>(1);
    return Select(x > 0, right, FarBelow(Lanes<float, K>(-1), x));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Elish&, const N& x) {
    const Decay<N> decay = DecayOf(Abs(x));
    const N e = decay.unscaled;
    const N cube = decay.one_plus * decay.one_plus * decay.one_plus;
    const Scaled<N> left = decay.e * ((e * (5 + e * (3 + e)) - 1) / cube);
    return Select(Leading(x) >= 0, SwishCurvature(x, 1), left);
  }

 private:
  // With e = e^-|x|: x / (1 + e), and for x < 0 e (e - 1) / (1 + e).
  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> SingleValue(const Lanes<float, K>& x) {
    const SingleSteps<K> steps = StepsOf(-Min(Abs(x), kSingleReach));
    const SingleExp<K> parts = PartsOf(steps);
    const SinglePair<K> left = Times(SumOf(parts), Renormalized(Expm1Of(steps)));
    const SinglePair<K> q = QuotientOf(Select(x < 0, left, SinglePairOf(x)), OnePlus(parts));
    return WithSign(q.hi + q.lo, x);
  }

  // x >= 0: (1 + e + x e) / (1 + e)^2; x < 0: e (e (2 + e) - 1) / (1 + e)^2.
  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> SingleDerivative(const Lanes<float, K>& x) {
    const SinglePair<K> one = SinglePairOf(Lanes<float, K>(1));
    const SingleExp<K> parts = SplitSingleExp(-Min(Abs(x), kSingleReach));
    const SinglePair<K> e = SumOf(parts);
    const SinglePair<K> one_plus = SumWithOne(parts);
    const auto left = x < 0;
    const SinglePair<K> factor = Select(left, Plus(one_plus, 1), SinglePairOf(x));
    const SinglePair<K> n = Plus(Select(left, SinglePairOf(-one.hi), one_plus), Times(e, factor));
    return OverSquare(Select(left, e, one), n, DenominatorOf(one_plus));
  }
};
