// SPDX-License-Identifier: Apache-2.0
// The logistic sigmoid.
#include "editor/function_file.h"

template <>
struct Math<Sigmoid> {
  static constexpr Facts kFacts = {
      .title = "Sigmoid",
      .formula = "1 / (1 + exp(-x))",
      .derivative = "exp(-x) / (1 + exp(-x))^2",
      .source = "Verhulst 1838; Rumelhart, Hinton & Williams 1986, Nature 323",
      .use =
          "Squeezes x into (0, 1). Use it for the probability of a yes/no output, or as a gate. As "
          "a hidden layer it learns slowly: its slope is at most 1/4 and vanishes for large |x|, "
          "and its outputs are not centred at 0.",
      .from_output = "y (1 - y): towards 1 the digits of 1 - y are lost.",
  };
  static constexpr auto kParameters = std::tuple<>{};
  static constexpr bool kPrecise = true;
  static constexpr int kSingleOrders = 0b1011;
  static constexpr int kHalfOrders = 0b1011;
  static constexpr int kFastOrders = 0b11;

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Sigmoid&, const T& x) {
    return 1 / (1 + exp(-x));
  }

  static constexpr kernels::Exception kNearestExceptions[] = {{-0x1.250c02p-10F, 0x1.ffb6bep-2F}};
  // 1/2 + x/4 - x^3/48: the line reaches midpoints between float32, the cube no last bit of a
  // double.
  static int NearestSide(const Sigmoid&, double x) {
    return std::abs(x) < 0x1p-15 ? (x < 0) - (x > 0) : 0;
  }

  template <class N>
  static HWY_INLINE auto Value(const Sigmoid&, const N& x) {
    return Logistic(x);
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Sigmoid&, const N& x) {
    return LogisticSlopeAt(x);
  }

  template <Order order, std::size_t K>
  static HWY_INLINE Mask<float, K> Near(const Sigmoid&, const Lanes<float, K>& x) {
    if constexpr (order == Order::value) return x > -kSingleReach;
    if constexpr (order == Order::derivative) return Abs(x) < kCleanReach;
    return x == x;
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Lanes<float, K> Far(const Sigmoid&, const Lanes<float, K>& x) {
    return FarBelow(Lanes<float, K>(1), -Abs(x));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Sigmoid&, const N& x) {
    return CopySign(Round(LogisticCurvature(Abs(x))), Leading(-x));
  }

  template <class N>
  static HWY_INLINE auto DerivativeFromOutput(const Sigmoid&, const N& y) {
    return y * (1 - y);
  }
};
