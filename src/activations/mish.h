// SPDX-License-Identifier: Apache-2.0
// Mish.
#include "editor/function_file.h"

template <>
struct Math<Mish> {
  static constexpr Facts kFacts = {
      .title = "Mish",
      .formula = "x * tanh(log(1 + exp(x)))",
      .derivative = "t + x * (1 - t^2) / (1 + exp(-x)), t = tanh(log(1 + exp(x)))",
      .source = "Misra 2019, arXiv:1908.08681",
      .use =
          "Smooth like silu, with a slightly deeper dip below 0: known from YOLOv4. It is said to "
          "be a little better than silu and relu in image networks. It costs more than silu.",
  };
  static constexpr auto kParameters = std::tuple<>{};
  static constexpr bool kPrecise = true;
  static constexpr int kSingleOrders = 0b11;
  static constexpr int kHalfOrders = 0b01;
  static constexpr int kFastOrders = 0b01;

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Mish&, const T& x) {
    return x * tanh(log1p(exp(x)));
  }

  // tanh(log1p(e^x)) as a quotient N / D, by e = e^-|x|:
  // x < 0: e (e + 2) / ((1 + e)^2 + 1), its factor e left out; x >= 0: (1 + 2e) / (1 + 2e + 2e^2).
  template <class N>
  struct Ratio {
    Decay<N> decay;
    N numerator, denominator;
  };

  template <class N>
  static HWY_INLINE Ratio<N> RatioOf(const N& x) {
    const Decay<N> decay = DecayOf(Abs(x));
    const N left = 2 + decay.unscaled;
    const N right = decay.one_plus + decay.unscaled;
    const N left_denominator = decay.one_plus * decay.one_plus + 1;
    const N right_denominator = right + 2 * decay.unscaled * decay.unscaled;
    return {decay, Select(x < 0, left, right), Select(x < 0, left_denominator, right_denominator)};
  }

  template <class N>
  static HWY_INLINE auto Value(const Mish&, const N& x) {
    if constexpr (kIsSingle<N>) {
      return SingleValue(x);
    } else if constexpr (kIsHalf<N> || kIsFast<N>) {
      const N w = kIsHalf<N> ? ExpOf(Min(x, 20)) : N(ExpOf(Plain(Min(x, 20))));
      const N n = Fma(w, w, 2 * w);
      return x * (n / (n + 2));
    } else {
      const N c = Clamp(x, -1600, 1600);
      const Ratio<N> r = RatioOf(x);
      const Scaled<N> t =
          Select(x < 0, r.decay.e * r.numerator, Scaled<N>(r.numerator)) / r.denominator;
      return ItselfBeyond(100, x, Round(t * c));
    }
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Mish&, const N& x) {
    if constexpr (kIsSingle<N>) {
      return SingleDerivative(x);
    } else {
      const N c = Clamp(x, -1600, 1600);
      const Ratio<N> r = RatioOf(x);
      const N slope = 4 * c * r.decay.one_plus;
      const N product = r.numerator * r.denominator;
      const N right = product + r.decay.unscaled * r.decay.unscaled * slope;
      return Select(x < 0, r.decay.e * (product + slope), Scaled<N>(right)) /
             (r.denominator * r.denominator);
    }
  }

  template <Order order, std::size_t K>
  static HWY_INLINE Mask<float, K> Near(const Mish&, const Lanes<float, K>& x) {
    if constexpr (order == Order::value) return And(x > -kCleanReach, x < kSingleMost);
    return x > -kCleanReach;
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Lanes<float, K> Far(const Mish&, const Lanes<float, K>& x) {
    if constexpr (order == Order::value) {
      return Select(x > 0, x, FarBelow(Clamp(x, -200, 0), x));
    }
    return FarBelow(1 + Max(x, -200), x);
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Mish&, const N& x) {
    const N c = Clamp(x, -1600, 1600);
    const Ratio<N> r = RatioOf(x);
    const N e = r.decay.unscaled;
    const N square = r.decay.one_plus * r.decay.one_plus;
    // By u = e^x where x < 0, by e = 1/u elsewhere, where D is D(u) e^2.
    const N left = (r.decay.one_plus + e) * r.denominator - 4 * e * square;
    const N right = (2 + e) * r.denominator - 4 * square;
    const N sum = 2 * r.decay.one_plus * r.denominator + c * Select(x < 0, left, right);
    const Scaled<N> scale = Select(x < 0, r.decay.e, r.decay.e * r.decay.e);
    return scale * (4 * sum) / (r.denominator * r.denominator * r.denominator);
  }

 private:
  // From 20 on it is x.
  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> SingleValue(const Lanes<float, K>& x) {
    return TimesTanhOfLog(x, ExpOfSingle(Min(x, 20)));
  }

  // With m = 1 + e^x: w ((m + 1) (m^2 + 1) + 4 x m) / (m^2 + 1)^2. From 12 on it is 1.
  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> SingleDerivative(const Lanes<float, K>& x) {
    using V = Lanes<float, K>;
    const V c = Min(x, 12);
    const SingleExp<K> e = SplitSingleExp(c);
    const auto [m, m_lo] = SumWithOne(e);
    const V square = m * m;
    const V square_lo = Fma(m + m, m_lo, FmaSub(m, m, square));
    const V d = square + 1;
    const V d_lo = (1 - (d - square)) + square_lo;
    const V next = m + 1;
    const V next_lo = (1 - (next - m)) + m_lo;
    const V product = next * d;
    const V product_lo = Fma(next, d_lo, Fma(next_lo, d, FmaSub(next, d, product)));
    const V x4 = 4 * c;
    const V second = x4 * m;
    const SinglePair<K> n = TwoSum(product, second);
    const V n_lo = (n.lo + FmaSub(x4, m, second)) + Fma(x4, m_lo, product_lo);
    return OverSquare(SumOf(e), {n.hi, n_lo}, DenominatorOf(SinglePair<K>{d, d_lo}));
  }
};
