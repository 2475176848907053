// Hard swish.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<Hardswish> {
  static constexpr Facts kFacts = {
      .title = "Hardswish",
      .formula = "x * min(max(x + 3, 0), 6) / 6",
      .derivative = "x <= -3 ? 0 : x < 3 ? (2x + 3) / 6 : 1",
      .source = "Howard et al. 2019, arXiv:1905.02244",
  };
  static constexpr auto kParameters = std::tuple<>{};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Hardswish&, const T& x) {
    return x <= -3 ? T(0) : x >= 3 ? x : x * (x + 3) / 6;
  }

  template <class N>
  static HWY_INLINE N Sixth() {
    return Constant<N>(1.0 / 6, 0x1.5555555555555p-57);
  }

  template <class N>
  static HWY_INLINE auto Value(const Hardswish&, const N& x) {
    const N c = Clamp(x, -3, 3);
    const auto inside = Round(c * (c + 3) * Sixth<N>());
    const auto left = Select(Leading(x) > -3, inside, -0.0);
    return Select(Leading(x) < 3, Select(Leading(x) == 0, Leading(x), left), Leading(x));
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Hardswish&, const N& x) {
    const N inside = (2 * x + 3) * Sixth<N>();
    return Select(x < 3, SelectOrZero(x > -3, inside), N(1));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Hardswish&, const N& x) {
    return SelectOrZero(Leading(Abs(x)) < 3, LaneOf<N>(1.0 / 3));
  }
};
