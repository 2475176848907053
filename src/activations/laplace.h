// SPDX-License-Identifier: Apache-2.0
// Laplace, the squashing function of MEGA: a normal distribution.
#include "editor/function_file.h"

template <>
struct Math<Laplace> {
  static constexpr Facts kFacts = {
      .title = "Laplace",
      .formula = "(1 + erf((x - mu) / (sigma sqrt(2)))) / 2",
      .derivative = "exp(-((x - mu) / sigma)^2 / 2) / (sigma sqrt(2 pi))",
      .source = "Ma et al. 2022 (MEGA), arXiv:2209.10655",
      .use =
          "The attention function of MEGA, in place of softmax: each score becomes a weight from 0 "
          "to 1 without a sum over the row. With the default mu and sigma it imitates relu_squared "
          "but is bounded, which is said to be more stable. The weights of a row need not sum to "
          "1, and for large |x| the gradient vanishes.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Laplace::mu>{"mu", Condition::finite},
                 Parameter<&Laplace::sigma>{"sigma", Condition::positive}};
  static constexpr int kSingleOrders = 0b11;
  static bool SingleFits(const Laplace& p) {
    return std::abs(p.mu) <= 0x1p60 && p.sigma >= 0x1p-30 && p.sigma <= 0x1p30;
  }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Laplace& p, const T& x) {
    return erfc((p.mu - x) / (p.sigma * sqrt(T(2)))) / 2;
  }

  // mu, 1 / sigma in two parts, and 1 / (sigma sqrt(2 pi)).
  struct Form {
    float mu, inverse, inverse_lo;
    DensityForm density;
  };
  template <Order order>
  static Form ForSingle(const Laplace& p) {
    const double inverse = 1.0 / p.sigma;
    const auto hi = static_cast<float>(inverse);
    return {static_cast<float>(p.mu), hi, static_cast<float>(inverse - hi),
            order == Order::value ? DensityForm{}
                                  : DensityFormOf(coefficients::kInverseSqrt2Pi[0] * inverse)};
  }
  // t = (x - mu) / sigma
  template <std::size_t K>
  static HWY_INLINE SinglePair<K> Standardized(const Form& p, const Lanes<float, K>& x) {
    const SinglePair<K> d = TwoSum(Clamp(x, -kSingleMost, kSingleMost), Lanes<float, K>(-p.mu));
    const SinglePair<K> inverse = {Lanes<float, K>(p.inverse), Lanes<float, K>(p.inverse_lo)};
    return Times(d, inverse);
  }

  // low = Phi(-|t|), or 1 - low.
  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> Value(const Form& p, const Lanes<float, K>& x) {
    using V = Lanes<float, K>;
    constexpr double kGone = 14.25;  // there low is 0
    const SinglePair<K> t = Standardized(p, x);
    const auto within = Abs(t.hi) < kGone;
    const SinglePair<K> magnitude = AbsOf(t);
    const SinglePair<K> a = {SelectOrZero(within, magnitude.hi),
                             SelectOrZero(within, magnitude.lo)};
    const SinglePair<K> square = SquareOf(a);
    const SinglePair<K> bell = RaisedDecay(SinglePair<K>{0.5 * square.hi, 0.5 * square.lo});
    const SinglePair<K> low = Times(bell, ScaledGaussTail<K>(a));
    const V hi = SelectOrZero(within, low.hi);
    const V lo = SelectOrZero(within, low.lo);
    const V high = NegFma(hi, 0x1p-64, 1);
    const V rest = NegFma(lo, 0x1p-64, NegFma(hi, 0x1p-64, 1 - high));
    return Select(t.hi < 0, LoweredBy64(hi + lo), high + rest);
  }
  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> Derivative(const Form& p, const Lanes<float, K>& x) {
    const SinglePair<K> square = SquareOf(Standardized(p, x));
    return DensityOf(p.density, SinglePair<K>{0.5 * square.hi, 0.5 * square.lo});
  }

  // (x - mu) / sigma
  template <class N>
  static HWY_INLINE N Standardized(const Laplace& p, const N& x) {
    return Clamp((Clamp(x, -0x1p600, 0x1p600) - p.mu) / p.sigma, -0x1p600, 0x1p600);
  }

  template <class N>
  static HWY_INLINE Scaled<N> Bell(const N& t) {
    const N c = Clamp(t, -70, 70);
    return ExpDown(-0.5 * (c * c));
  }

  template <class N>
  static HWY_INLINE auto Value(const Laplace& p, const N& x) {
    const N t = Standardized(p, x);
    const GaussTail<N> tail = GaussTailOf(Abs(t));
    const Scaled<N> low = tail.bell * tail.g;
    return Select(t < 0, low, Scaled<N>(1 - Unscaled(low)));
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Laplace& p, const N& x) {
    return Bell(Standardized(p, x)) * (InverseSqrt2Pi<N>() / p.sigma);
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Laplace& p, const N& x) {
    const N t = Standardized(p, x);
    return Bell(t) * (InverseSqrt2Pi<N>() / p.sigma / p.sigma) * -t;
  }
};
