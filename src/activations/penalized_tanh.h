// SPDX-License-Identifier: Apache-2.0
// Penalized tanh.
#include "editor/function_file.h"

template <>
struct Math<PenalizedTanh> {
  static constexpr Facts kFacts = {
      .title = "PenalizedTanh",
      .formula = "x > 0 ? tanh(x) : negative_slope * tanh(x)",
      .derivative = "(x > 0 ? 1 : negative_slope) * (1 - tanh(x)^2)",
      .source = "Xu, Huang & Li 2016, arXiv:1602.05980",
      .use =
          "Tanh with a flatter negative side, so that the two sides differ as in leaky_relu. In a "
          "comparison of many activations on language tasks it is said to be the most stable one. "
          "It saturates on both sides, so deep stacks lose gradient.",
      .note =
          "The paper writes a for negative_slope, which is what leaky_relu's is: it is leaky_relu "
          "of tanh. Some implementations divide by a instead. At 0 the derivative is the slope.",
      .from_output =
          "1 - y^2, and below 0 negative_slope - y^2 / negative_slope: towards the limits the "
          "digits are lost.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&PenalizedTanh::negative_slope>{"negative_slope", Condition::finite}};
  static constexpr bool kPrecise = true;
  static constexpr int kSingleOrders = 0b11;
  static bool SingleFits(const PenalizedTanh& p) {
    const double magnitude = std::abs(p.negative_slope);
    return magnitude >= 0x1p-60 && magnitude <= 0x1p60;
  }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const PenalizedTanh& p, const T& x) {
    return x > 0 ? tanh(x) : p.negative_slope * tanh(x);
  }

  // Below 0, negative_slope (x - x^3/3).
  static int NearestSide(const PenalizedTanh& p, double x) {
    return x < 0 && x > -0x1p-24 ? (p.negative_slope > 0) - (p.negative_slope < 0) : 0;
  }

  static std::string_view OutputConflict(const PenalizedTanh& p) {
    return p.negative_slope >= 0 ? "" : "negative_slope must not be negative";
  }

  // The magnitude of an odd function's value at |x|, times the slope below 0, and the sign.
  template <class N, class M>
  static HWY_INLINE auto Penalized(const PenalizedTanh& p, const N& x, const M& magnitude) {
    const auto y = Round(Select(x > 0, magnitude, magnitude * std::abs(p.negative_slope)));
    const auto below = Leading(x) * std::copysign(1.0, p.negative_slope);
    return CopySign(y, Select(Leading(x) > 0, Leading(x), below));
  }

  struct Form {
    float slope;
  };
  template <Order order>
  static Form ForSingle(const PenalizedTanh& p) {
    return {static_cast<float>(p.negative_slope)};
  }
  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> Value(const Form& p, const Lanes<float, K>& x) {
    using V = Lanes<float, K>;
    const SinglePair<K> t = TanhOfSingle(Abs(x));
    const V factor = Select(x > 0, 1, V(-p.slope));
    const V hi = t.hi * factor;
    const V y = hi + Fma(t.lo, factor, FmaSub(t.hi, factor, hi));
    return Select(x == 0, x * p.slope, y);  // with the sign of 0
  }
  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> Derivative(const Form& p, const Lanes<float, K>& x) {
    return TanhSlopeOfMagnitude(Abs(x)) * Select(x > 0, 1, Lanes<float, K>(p.slope));
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Mask<float, K> Near(const Form&, const Lanes<float, K>& x) {
    if constexpr (order == Order::value) return x == x;
    return Abs(x) < kTanhSlopeReach;
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Lanes<float, K> Far(const Form& p, const Lanes<float, K>& x) {
    const auto factor = 4 * Select(x > 0, 1, Lanes<float, K>(p.slope));
    return FarBelow(factor, -2 * Min(Abs(x), 100));
  }

  template <class N>
  static HWY_INLINE auto Value(const PenalizedTanh& p, const N& x) {
    return Penalized(p, x, TanhOfMagnitude(Abs(x)));
  }

  template <class N>
  static HWY_INLINE auto Derivative(const PenalizedTanh& p, const N& x) {
    const Scaled<N> slope = TanhSlopeOfMagnitude(Abs(x));
    return Select(x > 0, slope, slope * p.negative_slope);
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const PenalizedTanh& p, const N& x) {
    return -Penalized(p, x, TanhCurvature(Abs(x)));
  }

  template <class N>
  static HWY_INLINE auto DerivativeFromOutput(const PenalizedTanh& p, const N& y) {
    const N right = (1 - y) * (1 + y);
    if (p.negative_slope == 0) return SelectOrZero(y > 0, right);
    const N q = Clamp(y / p.negative_slope, -1, 0);  // y may be rounded beyond the limit
    return Select(y > 0, right, p.negative_slope * ((1 - q) * (1 + q)));
  }

  static constexpr std::string_view kLearnable[] = {"negative_slope"};

  template <class N>
  static HWY_INLINE auto ParameterDerivative(const PenalizedTanh&, const N& x, ParameterIndex<0>) {
    const auto below = CopySign(Round(TanhOfMagnitude(Abs(x))), Leading(x));
    return SelectOrZero(Leading(x) < 0, below);
  }
};
