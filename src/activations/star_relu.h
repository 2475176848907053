// SPDX-License-Identifier: Apache-2.0
// StarReLU: a squared ReLU whose output has mean 0 and variance 1 for normal inputs.
#include "editor/function_file.h"

template <>
struct Math<StarRelu> {
  static constexpr Facts kFacts = {
      .title = "StarReLU",
      .formula = "scale * max(x, 0)^2 + bias",
      .derivative = "x > 0 ? 2 * scale * x : 0",
      .source = "Yu et al. 2022 (MetaFormer baselines), arXiv:2210.13452",
      .use =
          "relu_squared with a scale and a bias that give mean 0 and variance 1 for standard "
          "normal x: the activation of the MetaFormer baselines. It is said to be better than gelu "
          "there with fewer operations. Values grow with the square of x.",
      .note =
          "The defaults are 2/sqrt(5) and -1/sqrt(5), which the paper gives as 0.8944 and -0.4472: "
          "for x from N(0, 1), mean 0 and variance 1. timm and the paper's code start from scale = "
          "1 and bias = 0, and learn both.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&StarRelu::scale>{"scale", Condition::finite},
                 Parameter<&StarRelu::bias>{"bias", Condition::finite}};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const StarRelu& p, const T& x) {
    return x > 0 ? p.scale * x * x + p.bias : T(p.bias);
  }

  // scale c^2 + bias, which cancels about its root: rounded once, from an exact product.
  template <std::size_t K>
  static HWY_INLINE Lanes<double, K> Parabola(const StarRelu& p, const Lanes<double, K>& c) {
    return Fma(c * c, p.scale, p.bias);
  }
  // Of (scale c) c, whose product with the low half of scale c must stay apart until bias is added.
  template <std::size_t K>
  static HWY_INLINE Lanes<double, K> Parabola(const StarRelu& p, const Pair<K>& c) {
    const Pair<K> line = Pair<K>::Product(c.hi, p.scale);
    const Pair<K> high = Pair<K>::Product(line.hi, c.hi);
    const Pair<K> low = Pair<K>::Product(line.lo, c.hi);
    const Pair<K> first = Pair<K>::Sum(high.hi, p.bias);
    const Pair<K> second = Pair<K>::Sum(high.lo, low.hi);
    const Pair<K> sum = Pair<K>::Sum(first.hi, second.hi);
    return sum.hi + (sum.lo + (first.lo + (second.lo + low.lo)));
  }

  template <class N>
  static HWY_INLINE auto Value(const StarRelu& p, const N& x) {
    if (p.scale == 0) return LaneOf<N>(p.bias);
    const auto near = Parabola(p, Clamp(x, 0, kFar));
    return Select(Leading(x) > kFar, p.scale * Leading(x) * Leading(x), near);
  }

  template <class N>
  static HWY_INLINE auto Derivative(const StarRelu& p, const N& x) {
    if (p.scale == 0) return LaneOf<N>(0);
    return SelectOrZero(Leading(x) > 0, 2 * p.scale * Leading(x));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const StarRelu& p, const N& x) {
    return SelectOrZero(x > 0, N(2 * p.scale));
  }

  static constexpr std::string_view kLearnable[] = {"scale", "bias"};

  template <class N>
  static HWY_INLINE auto ParameterDerivative(const StarRelu&, const N& x, ParameterIndex<0>) {
    return SelectOrZero(Leading(x) > 0, Leading(x) * Leading(x));
  }
  template <class N>
  static HWY_INLINE auto ParameterDerivative(const StarRelu&, const N&, ParameterIndex<1>) {
    return LaneOf<N>(1);
  }

 private:
  static constexpr double kFar = 0x1p400;  // beyond, bias is nothing beside scale x^2
};
