// Hard sigmoid.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<Hardsigmoid> {
  static constexpr Facts kFacts = {
      .title = "Hardsigmoid",
      .formula = "min(max(x + 3, 0), 6) / 6",
      .derivative = "-3 < x < 3 ? 1/6 : 0",
      .source =
          "Courbariaux, Bengio & David 2015, arXiv:1511.00363; slope 1/6: Howard et al. 2019, "
          "arXiv:1905.02244",
      .note = "The slope is 1/6 in PyTorch, Keras 3 and JAX, 0.2 in ONNX.",
  };
  static constexpr auto kParameters = std::tuple<>{};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Hardsigmoid&, const T& x) {
    return x <= -3 ? T(0) : x >= 3 ? T(1) : (x + 3) / 6;
  }

  template <class V>
  static HWY_INLINE V Value(const Hardsigmoid&, V x) {
    const V six = Splat<V>(6.0F);
    const Pair<V> raised = TwoSum(ClampKeepingNan(x, -3.0F, 3.0F), Splat<V>(3.0F));
    return Sum(Over(raised, Exactly(six)));
  }

  template <class V>
  static HWY_INLINE V Derivative(const Hardsigmoid&, V x) {
    return hn::IfThenElseZero(hn::Lt(hn::Abs(x), Splat<V>(3.0F)), Splat<V>(0x1.555556p-3F));
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const Hardsigmoid&, V) {
    return hn::Zero(TagOf<V>());
  }
};
