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

  static kernels::Slopes TwoSlopes(const Hardsigmoid& p) {
    return {IsSixth(p.slope) ? 1.0 / 6 : p.slope, 0};
  }

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

  // The line, of which `top` stands for 1. Where the slope is 1/6, six times it, x + 6 shift: a
  // rounded 1/6 would miss 0 and 1.
  template <class N>
  struct Line {
    N height;
    double top;

    HWY_INLINE auto above_zero() const { return height > 0; }
    HWY_INLINE auto below_one() const { return top - height > 0; }
  };

  template <class N>
  static HWY_INLINE Line<N> LineOf(const Hardsigmoid& p, const N& x) {
    const N c = Clamp(x, -0x1p900, 0x1p900);
    if (IsSixth(p.slope)) return {c + 6 * N(p.shift), 6};
    return {c * p.slope + p.shift, 1};
  }

  template <class N>
  static HWY_INLINE auto Value(const Hardsigmoid& p, const N& x) {
    const Line<N> line = LineOf(p, x);
    const N y = line.top == 1 ? line.height : line.height * Slope<N>(p);
    return Select(line.below_one(), SelectOrZero(line.above_zero(), y), N(1));
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Hardsigmoid& p, const N& x) {
    const Line<N> line = LineOf(p, x);
    return SelectOrZero(And(line.above_zero(), line.below_one()), Slope<N>(p));
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
