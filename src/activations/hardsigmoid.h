// SPDX-License-Identifier: Apache-2.0
// Hard sigmoid.
#include "editor/function_file.h"

template <>
struct Math<Hardsigmoid> {
  static constexpr Facts kFacts = {
      .title = "Hardsigmoid",
      .formula = "min(max(slope * x + shift, 0), 1)",
      .derivative = "0 < slope * x + shift < 1 ? slope : 0",
      .source =
          "Courbariaux, Bengio & David 2015, arXiv:1511.00363; slope 1/6: Howard et al. 2019, "
          "arXiv:1905.02244",
      .use =
          "Sigmoid made of three straight pieces: a cheap gate for small devices, as in "
          "MobileNetV3, and the probability of a binary weight in BinaryConnect. Outside of its "
          "slope the gradient is exactly 0, so a saturated unit stops learning.",
      .note =
          "The slope is 1/6 in PyTorch, Keras 3 and JAX, which makes it min(max(x + 3, 0), 6) / 6; "
          "ONNX has 0.2.",
      .from_output =
          "Exact but for the last inputs before the upper bound, whose outputs round to 1.",
  };
  static constexpr bool kNative = true;
  static constexpr bool kPrecise = true;  // 1/6 in two parts: midpoints are not seen
  static constexpr auto kParameters =
      std::tuple{Parameter<&Hardsigmoid::slope>{"slope", Condition::finite},
                 Parameter<&Hardsigmoid::shift>{"shift", Condition::finite}};

  static kernels::Slopes TwoSlopes(const Hardsigmoid& p) { return {Slope(p), 0}; }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Hardsigmoid& p, const T& x) {
    const T line = (IsDefault(p) ? T(1) / 6 : T(p.slope)) * x + p.shift;
    return line <= 0 ? T(0) : line >= 1 ? T(1) : line;
  }

  // The default means 1/6 itself, which no type holds.
  static bool IsDefault(const Hardsigmoid& p) {
    const bool sixth =
        p.slope == 1.0 / 6 || p.slope == static_cast<double>(static_cast<float>(1.0 / 6));
    return sixth && p.shift == 0.5;
  }

  static double Slope(const Hardsigmoid& p) { return IsDefault(p) ? 1.0 / 6 : p.slope; }

  // What a loop needs, decided once.
  struct Form {
    bool is_default, is_flat;
    double slope, shift;
  };
  template <Order order>
    requires(order == Order::value)
  static Form Prepare(const Hardsigmoid& p) {
    return {IsDefault(p), p.slope == 0, p.slope, p.shift};
  }

  template <class N>
  static HWY_INLINE auto Value(const Form& p, const N& x) {
    if (p.is_default) {
      const N c = Clamp(x, -3, 3);
      const N raised = c + 3;
      return TimesFraction(raised, c - (raised - 3), 1, 6);
    }
    const N line = p.is_flat ? N(p.shift) : Fma(x, N(p.slope), N(p.shift));
    return Select(line < 1, SelectOrZero(line > 0, line), N(1));
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Hardsigmoid& p, const N& x) {
    if (IsDefault(p)) return SelectOrZero(Abs(x) < 3, N(1.0 / 6));
    const N line = Fma(Finite(x), N(p.slope), N(p.shift));
    // The line may round to 1, or to 0 where slope * x is too small for the type.
    const auto below = Or(line < 1, And(line == 1, SignOfLine(p, x, -1) < 0));
    const auto above = Or(line > 0, And(line == 0, SignOfLine(p, x, 0) > 0));
    return SelectOrZero(And(above, below), N(p.slope));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Hardsigmoid&, const N&) {
    return N(0);
  }

  template <class N>
  static HWY_INLINE auto DerivativeFromOutput(const Hardsigmoid& p, const N& y) {
    return SelectOrZero(And(y > 0, y < 1), N(Slope(p)));
  }

 private:
  // sum + rest = a + b, exactly (Knuth).
  template <class N>
  struct ExactSum {
    N sum, rest;
    HWY_INLINE ExactSum(const N& a, const N& b) : sum(a + b) {
      const N of_b = sum - a;
      rest = (a - (sum - of_b)) + (b - of_b);
    }
  };

  // A number of the sign of slope * x + shift + c, where that is nearly 0.
  template <class T, std::size_t K>
  static HWY_INLINE Lanes<T, K> SignOfLine(const Hardsigmoid& p, const Lanes<T, K>& x, double c) {
    using N = Lanes<T, K>;
    const double sum = p.shift + c, by = sum - p.shift;
    const double constant = static_cast<double>(static_cast<T>(sum));  // + rest: the sum
    const double rest = (sum - constant) + ((p.shift - (sum - by)) + (c - by));
    if (constant == 0 && rest == 0) return CopySign(1, N(p.slope)) * x;
    // Or the product has no room for its low part.
    const bool tiny = std::abs(sum) < 0x1p-60 && std::abs(p.slope) < 0x1p60;
    const double unit = tiny ? 0x1p60 : 1;
    const N slope = p.slope * unit;
    const N product = Finite(x) * slope;
    const ExactSum<N> total(product, constant * unit);
    const ExactSum<N> rests(FmaSub(Finite(x), slope, product), rest * unit);
    return (total.sum + rests.sum) + (total.rest + rests.rest);
  }
};
