// SPDX-License-Identifier: Apache-2.0
// Swish with its parameter.
#include "editor/function_file.h"

template <>
struct Math<Swish> {
  static constexpr Facts kFacts = {
      .title = "Swish",
      .formula = "x / (1 + exp(-beta x))",
      .derivative = "s + beta x s (1 - s), s = 1 / (1 + exp(-beta x))",
      .source = "Ramachandran, Zoph & Le 2017, arXiv:1710.05941; ONNX 24",
      .use =
          "Silu with a parameter: beta = 1 is silu, beta = 0 is x / 2, and a large beta comes near "
          "relu. beta can be learned: learnable(swish). Most models keep beta = 1.",
      .note =
          "silu is swish with beta = 1. Hugging Face, Keras, JAX and timm say swish and mean silu.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Swish::beta>{"beta", Condition::finite}};
  static constexpr bool kPrecise = true;

  static constexpr int kSingleOrders = 0b11;
  static constexpr int kHalfOrders = 0b01;
  static bool SingleFits(const Swish& p) { return SwishFits(p.beta); }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Swish& p, const T& x) {
    return x / (1 + exp(-(p.beta * x)));
  }

  // x/2 + beta x^2/4
  static int NearestSide(const Swish& p, double x) {
    return SideOfHalf(x) * ((p.beta > 0) - (p.beta < 0));
  }

  template <class P, class N>
  static HWY_INLINE auto Value(const P& p, const N& x) {
    if constexpr (kIsSingle<N>) {
      return SwishValue<true>(p, x);
    } else {
      if (p.beta == 0) return 0.5 * Leading(x);
      return TimesLogistic(x, x * p.beta);
    }
  }

  template <class P, class N>
  static HWY_INLINE auto Derivative(const P& p, const N& x) {
    if constexpr (kIsSingle<N>) {
      return SwishDerivative<true>(p, x);
    } else {
      if (p.beta == 0) return Scaled<N>(0.5);
      return SwishSlope(x * p.beta);
    }
  }

  template <Order order>
  static constexpr SwishForm ForSingle(const Swish& p) {
    return SwishFormOf(order == Order::value ? kSwishRange : kSwishSlopeRange, p.beta);
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Mask<float, K> Near(const SwishForm& p, const Lanes<float, K>& x) {
    return SwishNear<true>(p, x);
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Mask<float, K> NearHalf(const Swish& p, const Lanes<float, K>& x) {
    return SwishNearHalf(p.beta, x);
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Lanes<float, K> Far(const SwishForm& p, const Lanes<float, K>& x) {
    if constexpr (order == Order::value) return FarSwishValue(p, x);
    return FarSwishDerivative(p, x);
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Swish& p, const N& x) {
    if (p.beta == 0) return Scaled<N>(0);
    return SwishCurvature(x * p.beta, p.beta);
  }

  static constexpr std::string_view kLearnable[] = {"beta"};

  template <class N>
  static HWY_INLINE auto ParameterDerivative(const Swish& p, const N& x, ParameterIndex<0>) {
    const auto half = 0.5 * Leading(x);
    if (p.beta == 0) return half * half;
    const N z = Abs(x * p.beta);
    const auto y = Round(LogisticSlope(DecayOf(z)) * SquareOf(x));
    return SelectOrZero(Leading(z) < 1600, y);
  }

 private:
  // In pairs the square may be out of range.
  template <std::size_t K>
  static HWY_INLINE Lanes<double, K> SquareOf(const Lanes<double, K>& x) {
    return x * x;
  }
  template <std::size_t K>
  static HWY_INLINE ScaledPair<K> SquareOf(const Pair<K>& x) {
    using V = Lanes<double, K>;
    const auto far = Abs(x.hi) > 0x1p100;
    const V unit = Select(far, V(0x1p-513), V(1));
    const Pair<K> r = {x.hi * unit, x.lo * unit};
    return {r * r, Select(far, V(1026), V(0))};
  }
};
