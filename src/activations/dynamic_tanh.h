// SPDX-License-Identifier: Apache-2.0
// DyT, the dynamic tanh.
#include "editor/function_file.h"

template <>
struct Math<DynamicTanh> {
  static constexpr Facts kFacts = {
      .title = "DynamicTanh",
      .formula = "tanh(alpha * x)",
      .derivative = "alpha * (1 - tanh(alpha * x)^2)",
      .source =
          "Zhu, Chen, He, LeCun & Liu 2025 (Transformers without Normalization), "
          "arXiv:2503.10622",
      .use =
          "Takes the place of layer normalization in transformers: it bounds large activations "
          "without the mean and variance of a row. It is said to match normalization in "
          "transformers, and to do worse in place of batch normalization in ResNets. Learn alpha; "
          "fixed, it is only a tanh of another scale.",
      .note =
          "The paper's DyT multiplies by a weight and adds a bias for each channel, an affine "
          "layer behind this function. One alpha serves a whole layer; it begins with 0.5.",
      .from_output = "alpha * (1 - y^2): towards +-1 the digits are lost.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&DynamicTanh::alpha>{"alpha", Condition::finite}};
  static constexpr bool kPrecise = true;
  static constexpr int kSingleOrders = 0b01;
  static constexpr int kFastOrders = 0b01;
  static bool SingleFits(const DynamicTanh& p) {
    return std::abs(p.alpha) >= 0x1p-60 && std::abs(p.alpha) <= 0x1p60;
  }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const DynamicTanh& p, const T& x) {
    return tanh(p.alpha * x);
  }

  // z - z^3/3 for z = alpha x
  static int NearestSide(const DynamicTanh& p, double x) {
    const double z = p.alpha * x;
    return std::abs(z) < 0x1p-24 ? (z < 0) - (z > 0) : 0;
  }

  static std::string_view OutputConflict(const DynamicTanh& p) {
    return p.alpha >= 0 ? "" : "alpha must not be negative";
  }

  // |alpha x|: exact in doubles for x of float32. Beyond 1000 all limits are reached.
  template <class N>
  static HWY_INLINE N Magnitude(const DynamicTanh& p, const N& x) {
    const double alpha = std::abs(p.alpha);
    return alpha * Clamp(Abs(x), 0, std::min(1000 / alpha, std::numeric_limits<double>::max()));
  }

  // The sign of alpha x, as a number.
  template <class N>
  static HWY_INLINE auto SignOf(const DynamicTanh& p, const N& x) {
    return Leading(x) * std::copysign(1.0, p.alpha);
  }

  template <class N>
  static HWY_INLINE auto Value(const DynamicTanh& p, const N& x) {
    if constexpr (kIsSingle<N>) {
      const auto t = TanhOfSingle(Times(Abs(x), std::abs(p.alpha)));
      return WithSign(t.hi + t.lo, SignOf(p, x));
    } else if constexpr (kIsFast<N>) {
      return CopySign(TanhOfMagnitude(Abs(x) * std::abs(p.alpha)), SignOf(p, x));
    } else {
      return ValueOf(p, x);
    }
  }

  template <class N>
  static HWY_INLINE auto ValueOf(const DynamicTanh& p, const N& x) {
    return CopySign(Round(TanhOfMagnitude(Magnitude(p, x))), SignOf(p, x));
  }

  template <class N>
  static HWY_INLINE auto Derivative(const DynamicTanh& p, const N& x) {
    return TanhSlopeOfMagnitude(Magnitude(p, x)) * p.alpha;
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const DynamicTanh& p, const N& x) {
    const auto second = Round(TanhCurvature(Magnitude(p, x)) * p.alpha * p.alpha);
    // For so small an x, alpha x may be subnormal, whose rounding alpha^2 would magnify.
    const N cube = N(2 * std::abs(p.alpha)) * p.alpha * p.alpha;
    const auto line = Round(cube * Clamp(Abs(x), 0, kTiny));
    return CopySign(Select(Abs(Leading(x)) < kTiny, line, second), -SignOf(p, x));
  }

  template <class N>
  static HWY_INLINE auto DerivativeFromOutput(const DynamicTanh& p, const N& y) {
    return p.alpha * ((1 - y) * (1 + y));
  }

  static constexpr std::string_view kLearnable[] = {"alpha"};

  // x (1 - tanh(alpha x)^2)
  template <class N>
  static HWY_INLINE auto ParameterDerivative(const DynamicTanh& p, const N& x, ParameterIndex<0>) {
    if (p.alpha == 0) return Leading(x);
    const N z = Magnitude(p, x);
    const auto y = Round(TanhSlopeOfMagnitude(z) * Clamp(x, -0x1p1000, 0x1p1000));
    return SelectOrZero(Leading(z) < 700, y);  // beyond, ExpDown is not small enough for any x
  }

 private:
  static constexpr double kTiny = 0x1p-700;
};
