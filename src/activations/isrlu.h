// SPDX-License-Identifier: Apache-2.0
// ISRLU, the inverse square root linear unit.
#include "editor/function_file.h"

template <>
struct Math<Isrlu> {
  static constexpr Facts kFacts = {
      .title = "ISRLU",
      .formula = "x >= 0 ? x : x / sqrt(1 + alpha * x^2)",
      .derivative = "x >= 0 ? 1 : 1 / (1 + alpha * x^2)^(3/2)",
      .source = "Carlile, Delamarter, Kinney, Marti & Whitney 2017, arXiv:1710.09967",
      .use =
          "An elu without an exponential: x above 0, and below it a curve that flattens at "
          "-1/sqrt(alpha), by one inverse square root. It is said to train like elu and to be "
          "faster. Far below 0 the gradient vanishes.",
      .note =
          "It goes down to -1/sqrt(alpha). Value, derivative and second derivative are continuous "
          "at 0.",
      .from_output =
          "Below 0 it is (1 - alpha * y^2)^(3/2): towards -1/sqrt(alpha) the digits are lost.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Isrlu::alpha>{"alpha", Condition::positive}};
  static constexpr bool kPrecise = true;
  static constexpr int kSingleOrders = 0b11;

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Isrlu& p, const T& x) {
    return x >= 0 ? x : x / sqrt(1 + p.alpha * x * x);
  }

  template <Order order>
  static InverseRootForm ForSingle(const Isrlu& p) {
    return InverseRootFormOf(p.alpha);
  }
  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> Value(const InverseRootForm& p, const Lanes<float, K>& x) {
    return Select(x < 0, -InverseRootValue(p, Abs(x)), x);
  }
  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> Derivative(const InverseRootForm& p, const Lanes<float, K>& x) {
    return Select(x < 0, InverseRootSlope(p, Abs(x)), 1);
  }

  template <class N>
  static HWY_INLINE auto Value(const Isrlu& p, const N& x) {
    const InverseRoot<N> r = InverseRootOf(p.alpha, x);
    return Select(Leading(x) < 0, -Round(r.a * r.q), Leading(x));
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Isrlu& p, const N& x) {
    return Select(x < 0, InverseRootSlope(InverseRootOf(p.alpha, x)), N(1));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Isrlu& p, const N& x) {
    return SelectOrZero(x < 0, InverseRootCurvature(p.alpha, InverseRootOf(p.alpha, x)));
  }

  template <class N>
  static HWY_INLINE auto DerivativeFromOutput(const Isrlu& p, const N& y) {
    return Select(y < 0, InverseRootSlopeFrom(p.alpha, y), N(1));
  }
};
