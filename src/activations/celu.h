// SPDX-License-Identifier: Apache-2.0
// CELU, the continuously differentiable exponential linear unit.
#include "editor/function_file.h"

template <>
struct Math<Celu> {
  static constexpr Facts kFacts = {
      .title = "CELU",
      .formula = "max(x, 0) + min(0, alpha * (exp(x / alpha) - 1))",
      .derivative = "x < 0 ? exp(x / alpha) : 1",
      .source = "Barron 2017, arXiv:1704.07483",
      .use =
          "An elu whose slope is continuous at 0 for every alpha; with alpha = 1 it is elu. Choose "
          "it over elu where alpha is tuned or learned: a small alpha comes near relu, a large one "
          "near the identity. Far below 0 the gradient vanishes.",
      .note =
          "alpha * exp(x / alpha - 1), which some notes print, is a misprint. A negative alpha, "
          "which "
          "PyTorch lets pass, is refused.",
      .from_output = "Below 0 as exact as the output: 1 + y / alpha.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Celu::alpha>{"alpha", Condition::positive}};
  static constexpr bool kPrecise = true;
  static constexpr int kSingleOrders = 0b1011;
  static constexpr int kHalfOrders = 0b11;
  static constexpr int kFastOrders = 0b11;
  static bool SingleFits(const Celu& p) { return p.alpha >= 0x1p-60 && p.alpha <= 0x1p60; }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Celu& p, const T& x) {
    if (x < 0) return p.alpha * expm1(x / p.alpha);
    // Where the second derivative jumps it is the mean of its limits.
    return x > 0 ? x : (p.alpha * expm1(x / p.alpha) + x) / 2;
  }

  template <class P, class N>
  static HWY_INLINE auto Value(const P& p, const N& x) {
    if constexpr (kIsSingle<N>) {
      return Select(x > p.line, x, TimesAlpha(p, Expm1OfSingle(QuotientOf(p, x))));
    } else if constexpr (kIsFast<N>) {
      return Select(x > p.line, x, Expm1Of(QuotientOf(p, x.v)) * p.alpha);
    } else {
      const N z = x / p.alpha;
      // So near 0 the line is exact, and z may be subnormal.
      return Select(Leading(z) > -0x1p-60, Leading(x), TimesExpm1Down(p.alpha, 0, z));
    }
  }

  template <class P, class N>
  static HWY_INLINE auto Derivative(const P& p, const N& x) {
    if constexpr (kIsSingle<N>) {
      const auto below = SelectOrZero(x > p.gone, Rounded(SplitSingleExp(QuotientOf(p, x))));
      return Select(x < 0, below, 1);
    } else if constexpr (kIsFast<N>) {
      return Select(x < 0, SelectOrZero(x > p.gone, ExpOf(QuotientOf(p, x.v))), N(1));
    } else {
      return Select(x < 0, ExpDown(x / p.alpha), Scaled<N>(1));
    }
  }

  // alpha, 1 / alpha in two parts, and x where z = x / alpha is -87, -80, -150 and -2^-60.
  struct Form {
    float alpha, inverse, inverse_lo, least, reach, gone, line;
  };
  template <Order order>
  static Form ForSingle(const Celu& p) {
    const double inverse = 1 / p.alpha;
    const auto hi = static_cast<float>(inverse);
    const auto at = [&p](double z) { return static_cast<float>(z * p.alpha); };
    return {static_cast<float>(p.alpha),
            hi,
            static_cast<float>(inverse - hi),
            at(-kSingleReach),
            at(-kCleanReach),
            at(-150),
            at(-0x1p-60)};
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Mask<float, K> Near(const Form& p, const Lanes<float, K>& x) {
    if constexpr (order != Order::derivative) return x == x;
    return Or(x > p.reach, x <= p.gone);
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Mask<float, K> NearHalf(const Celu& p, const Lanes<float, K>& x) {
    if constexpr (order == Order::value) return x == x;
    return x > -kCleanReach * p.alpha;
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Lanes<float, K> Far(const Form& p, const Lanes<float, K>& x) {
    return FarBelow(SinglePair<K>{1, 0}, Times(Max(x, p.gone), InverseOf<K>(p)));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Celu& p, const N& x) {
    // At 0 the mean of both sides.
    const auto weight = Select(Leading(x) == 0, 0.5, LaneOf<N>(1));
    return SelectOrZero(x <= 0, ExpDown(x / p.alpha) * Scaled<N>(weight) / p.alpha);
  }

  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> DerivativeFromOutput(const Form& p, const Lanes<float, K>& y) {
    const SinglePair<K> q = Times(y, InverseOf<K>(p));
    const Lanes<float, K> sum = 1 + q.hi;
    const Lanes<float, K> rest = ((1 - sum) + q.hi) + q.lo;
    return Select(y < 0, Clamp(sum + rest, 0, 1), 1);
  }
  template <class N>
  static HWY_INLINE auto DerivativeFromOutput(const Celu& p, const N& y) {
    return Select(y < 0, Clamp(1 + y / p.alpha, 0, 1), N(1));
  }

  static constexpr std::string_view kLearnable[] = {"alpha"};

  // With z = x / alpha: expm1(z) - z exp(z) = (expm1(z) - z) - z expm1(z), whose two terms are a
  // parabola near 0: pairs leave enough of them.
  template <class N>
  static HWY_INLINE auto ParameterDerivative(const Celu& p, const N& x, ParameterIndex<0>) {
    const auto z = Clamp(AsPair(x) / p.alpha, -1600, 0);
    const auto tail = Expm1MinusDown(z);
    return SelectOrZero(Leading(x) < 0, Round(tail - z * (tail + z)));
  }

 private:
  template <std::size_t K>
  static HWY_INLINE SinglePair<K> InverseOf(const Form& p) {
    return {Lanes<float, K>(p.inverse), Lanes<float, K>(p.inverse_lo)};
  }
  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> TimesAlpha(const Form& p, const SinglePair<K>& y) {
    if (p.alpha == 1) return y.hi + y.lo;
    const Lanes<float, K> hi = y.hi * p.alpha;
    return hi + Fma(y.lo, p.alpha, FmaSub(y.hi, p.alpha, hi));
  }
  // x / alpha, at least -87, as hi + lo.
  template <std::size_t K>
  static HWY_INLINE SinglePair<K> QuotientOf(const Form& p, const Lanes<float, K>& x) {
    if (p.alpha == 1) return {Max(x, p.least), 0};
    return Times(Max(x, p.least), InverseOf<K>(p));
  }
};
