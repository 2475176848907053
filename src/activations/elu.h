// SPDX-License-Identifier: Apache-2.0
// ELU, the exponential linear unit.
#include "editor/function_file.h"

template <>
struct Math<Elu> {
  static constexpr Facts kFacts = {
      .title = "ELU",
      .formula = "x > 0 ? x : alpha * (exp(x) - 1)",
      .derivative = "x > 0 ? 1 : alpha * exp(x)",
      .source = "Clevert, Unterthiner & Hochreiter 2015, arXiv:1511.07289",
      .use =
          "Relu for x > 0; below 0 it falls smoothly to -alpha, so that units have a gradient "
          "there and their mean is nearer to 0. It is said to learn faster than relu in networks "
          "of more than five layers. It costs an exponential, and far below 0 the gradient "
          "vanishes.",
      .from_output = "Below 0 it is y + alpha, where the tail loses its digits.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Elu::alpha>{"alpha", Condition::finite}};
  static constexpr bool kPrecise = true;
  static constexpr int kSingleOrders = 0b1011;
  static constexpr int kHalfOrders = 0b11;
  static constexpr int kFastOrders = 0b11;
  // The parts of smaller products would be subnormal; larger ones would reach farther.
  static bool SingleFits(const Elu& p) {
    return p.alpha == 0 || (std::abs(p.alpha) >= 0x1p-60 && std::abs(p.alpha) <= 0x1p60);
  }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Elu& p, const T& x) {
    return x > 0 ? x : p.alpha * expm1(x);
  }

  // alpha (x + x^2/2): the line reaches midpoints between float32.
  static int NearestSide(const Elu& p, double x) {
    return x < 0 && x > -0x1p-48 ? (p.alpha > 0) - (p.alpha < 0) : 0;
  }

  static std::string_view OutputConflict(const Elu& p) {
    return p.alpha >= 0 ? "" : "alpha must not be negative";
  }

  template <class N>
  static HWY_INLINE auto Value(const Elu& p, const N& x) {
    return Select(Leading(x) >= 0, Leading(x), TimesExpm1Down(p.alpha, 0, x));
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Elu& p, const N& x) {
    return Select(x > 0, Scaled<N>(1), ExpDown(x) * p.alpha);
  }

  template <Order order, std::size_t K>
  static HWY_INLINE Mask<float, K> Near(const Elu&, const Lanes<float, K>& x) {
    if constexpr (order != Order::derivative) return x == x;
    return x > -kCleanReach;
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Lanes<float, K> Far(const Elu& p, const Lanes<float, K>& x) {
    return FarBelow(Lanes<float, K>(p.alpha), x);
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Elu& p, const N& x) {
    return SelectOrZero(x <= 0, ExpDown(x) * p.alpha);
  }

  template <class N>
  static HWY_INLINE auto DerivativeFromOutput(const Elu& p, const N& y) {
    // y may be rounded beyond -alpha.
    return Select(y > 0, N(1), Clamp(y + p.alpha, 0, p.alpha));
  }

  static constexpr std::string_view kLearnable[] = {"alpha"};

  template <class N>
  static HWY_INLINE auto ParameterDerivative(const Elu&, const N& x, ParameterIndex<0>) {
    return SelectOrZero(Leading(x) < 0, Round(Expm1Down(x)));
  }
};
