// SPDX-License-Identifier: Apache-2.0
// TeLU, the hyperbolic tangent exponential linear unit.
#include "editor/function_file.h"

template <>
struct Math<Telu> {
  static constexpr Facts kFacts = {
      .title = "TeLU",
      .formula = "x * tanh(exp(x))",
      .derivative = "tanh(e) + x * e * (1 - tanh(e)^2), e = exp(x)",
      .source = "Fernandez & Mali 2024, arXiv:2412.20269",
      .use =
          "Near x above 0, with a small dip below 0, like mish and silu. It is said to learn as "
          "fast as relu and as stably as the smooth ones. It costs an exponential and a tanh, and "
          "far below 0 the gradient vanishes.",
  };
  static constexpr auto kParameters = std::tuple<>{};
  static constexpr bool kPrecise = true;
  static constexpr int kSingleOrders = 0b11;

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Telu&, const T& x) {
    return x * tanh(exp(x));
  }

  static constexpr double kTail = -60;  // below, tanh(e^x) is e^x

  template <class N>
  static HWY_INLINE auto Value(const Telu&, const N& x) {
    if constexpr (kIsSingle<N>) {
      const auto t = TanhOfSingle(ExpOfSingle(Min(x, 4)));
      return Select(x > 4, x, WithSign(RoundedTimes(x, t), x));
    } else {
      const N c = Clamp(x, -1600, 5);
      const Scaled<N> u = ExpOf(c);
      const Scaled<N> general = TanhOfMagnitude(Unscaled(u));
      return ItselfBeyond(4.5, x, Round(Select(x < kTail, u, general) * c));
    }
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Telu&, const N& x) {
    if constexpr (kIsSingle<N>) {
      return SingleDerivative(Min(x, 3));  // 1 beyond
    } else {
      const N c = Clamp(x, -1600, 5);
      const Scaled<N> u = ExpOf(c);
      const N e = Unscaled(u);
      const N general = TanhOfMagnitude(e) + e * c * Unscaled(TanhSlopeOfMagnitude(e));
      return Select(x < kTail, u * (1 + c), Scaled<N>(general));
    }
  }

  template <Order order, std::size_t K>
  static HWY_INLINE Mask<float, K> Near(const Telu&, const Lanes<float, K>& x) {
    return x > -kCleanReach;
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Lanes<float, K> Far(const Telu&, const Lanes<float, K>& x) {
    const Lanes<float, K> c = Max(x, -200);
    return FarBelow(order == Order::value ? c : 1 + c, x);
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Telu&, const N& x) {
    const N c = Clamp(x, -1600, 7);  // 0 beyond
    const Scaled<N> u = ExpOf(c);
    const N e = Unscaled(u);
    // e^x (1 - tanh^2) (2 + x (1 - 2 e^x tanh))
    const N factor = 2 + c * (1 - 2 * e * TanhOfMagnitude(e));
    const Scaled<N> general = TanhSlopeOfMagnitude(e) * (e * factor);
    return Select(x < kTail, u * (2 + c), general);
  }

 private:
  // With u = e^x, v = e^-2u and m = v - 1: (-m (2 + m) + 4 x u v) / (2 + m)^2.
  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> SingleDerivative(const Lanes<float, K>& x) {
    using V = Lanes<float, K>;
    const SinglePair<K> u = ExpOfSingle(x);
    const SingleSteps<K> steps = StepsOf(SinglePair<K>{-2 * u.hi, -2 * u.lo});
    const SinglePair<K> v = SumOf(PartsOf(steps));
    const SinglePair<K> m = Renormalized(Expm1Of(steps));
    const V two_plus = 2 + m.hi;
    const SinglePair<K> d = {two_plus, (m.hi - (two_plus - 2)) + m.lo};
    const SinglePair<K> n = Plus(Times(SinglePair<K>{-m.hi, -m.lo}, d), Times(4 * x, Times(u, v)));
    return OverSquare(SinglePairOf(V(1)), n, DenominatorOf(d));
  }
};
