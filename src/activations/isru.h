// SPDX-License-Identifier: Apache-2.0
// ISRU, the inverse square root unit.
#include "editor/function_file.h"

template <>
struct Math<Isru> {
  static constexpr Facts kFacts = {
      .title = "ISRU",
      .formula = "x / sqrt(1 + alpha * x^2)",
      .derivative = "1 / (1 + alpha * x^2)^(3/2)",
      .source = "Carlile, Delamarter, Kinney, Marti & Whitney 2017, arXiv:1710.09967",
      .use =
          "An S curve like tanh by one inverse square root: cheap where exp is expensive, proposed "
          "for recurrent networks in place of tanh. It saturates as tanh does: for large |x| the "
          "gradient vanishes.",
      .note = "Its limits are +-1/sqrt(alpha).",
      .from_output = "(1 - alpha * y^2)^(3/2): towards +-1/sqrt(alpha) the digits are lost.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Isru::alpha>{"alpha", Condition::positive}};
  static constexpr bool kPrecise = true;
  static constexpr int kSingleOrders = 0b11;

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Isru& p, const T& x) {
    return x / sqrt(1 + p.alpha * x * x);
  }

  template <Order order>
  static InverseRootForm ForSingle(const Isru& p) {
    return InverseRootFormOf(p.alpha);
  }
  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> Value(const InverseRootForm& p, const Lanes<float, K>& x) {
    return WithSign(InverseRootValue(p, Abs(x)), x);
  }
  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> Derivative(const InverseRootForm& p, const Lanes<float, K>& x) {
    return InverseRootSlope(p, Abs(x));
  }

  template <class N>
  static HWY_INLINE auto Value(const Isru& p, const N& x) {
    const InverseRoot<N> r = InverseRootOf(p.alpha, x);
    return CopySign(Round(r.a * r.q), Leading(x));
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Isru& p, const N& x) {
    return InverseRootSlope(InverseRootOf(p.alpha, x));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Isru& p, const N& x) {
    const auto second = Round(InverseRootCurvature(p.alpha, InverseRootOf(p.alpha, x)));
    return CopySign(second, Leading(-x));
  }

  template <class N>
  static HWY_INLINE auto DerivativeFromOutput(const Isru& p, const N& y) {
    return InverseRootSlopeFrom(p.alpha, y);
  }
};
