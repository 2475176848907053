// Hard sigmoid.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<Hardsigmoid> {
  static constexpr Facts kFacts = {
      .title = "Hardsigmoid",
      .formula = "min(max(slope * x + shift, 0), 1)",
      .derivative = "0 < slope * x + shift < 1 ? slope : 0",
      .source =
          "Courbariaux, Bengio & David 2015, arXiv:1511.00363; slope 1/6: Howard et al. 2019, "
          "arXiv:1905.02244",
      .note =
          "The slope is 1/6 in PyTorch, Keras 3 and JAX, which makes it min(max(x + 3, 0), 6) / 6; "
          "ONNX has 0.2.",
      .from_output =
          "Exact but for the last inputs before the upper bound, whose outputs round to 1.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Hardsigmoid::slope>{"slope", Condition::finite},
                 Parameter<&Hardsigmoid::shift>{"shift", Condition::finite}};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Hardsigmoid& p, const T& x) {
    const T line = (IsSixth(p.slope) ? T(1) / 6 : T(p.slope)) * x + p.shift;
    return line <= 0 ? T(0) : line >= 1 ? T(1) : line;
  }

  // The default means 1/6 itself, which no type holds.
  static bool IsSixth(double slope) {
    return slope == 1.0 / 6 || slope == static_cast<double>(static_cast<float>(1.0 / 6));
  }

  template <class N>
  static HWY_INLINE N Slope(const Hardsigmoid& p) {
    return IsSixth(p.slope) ? Constant<N>(1.0 / 6, 0x1.5555555555555p-57) : N(p.slope);
  }

  template <class N>
  static HWY_INLINE auto Value(const Hardsigmoid& p, const N& x) {
    const N line = Slope<N>(p) * Clamp(x, -0x1p900, 0x1p900) + p.shift;
    return Select(line < 1, SelectOrZero(line > 0, line), N(1));
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Hardsigmoid& p, const N& x) {
    const N line = Slope<N>(p) * Clamp(x, -0x1p900, 0x1p900) + p.shift;
    return SelectOrZero(And(line > 0, line < 1), Slope<N>(p));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Hardsigmoid&, const N&) {
    return N(0);
  }

  template <class N>
  static HWY_INLINE auto DerivativeFromOutput(const Hardsigmoid& p, const N& y) {
    return SelectOrZero(And(y > 0, y < 1), Slope<N>(p));
  }
};
