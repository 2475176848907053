// Leaky ReLU.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<LeakyRelu> {
  static constexpr Facts kFacts = {
      .title = "LeakyReLU",
      .formula = "x > 0 ? x : negative_slope * x",
      .derivative = "x > 0 ? 1 : negative_slope",
      .source = "Maas, Hannun & Ng 2013, ICML workshop",
      .note =
          "The slope is 0.01 in PyTorch, ONNX and JAX, 0.2 in Keras' function, 0.3 in Keras' "
          "layer. At 0 the derivative is the slope here and in PyTorch, 1 in JAX.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&LeakyRelu::negative_slope>{"negative_slope", Condition::finite}};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const LeakyRelu& p, const T& x) {
    return x > 0 ? x : x * p.negative_slope;
  }

  template <class V>
  static HWY_INLINE V Value(const LeakyRelu& p, V x) {
    const auto positive = hn::Gt(x, hn::Zero(TagOf<V>()));
    if (p.negative_slope == 0) return hn::IfThenElseZero(positive, x);  // 0 * -inf is NaN
    return hn::IfThenElse(positive, x, hn::Mul(x, Splat<V>(p.negative_slope)));
  }

  template <class V>
  static HWY_INLINE V Derivative(const LeakyRelu& p, V x) {
    return hn::IfThenElse(hn::Gt(x, hn::Zero(TagOf<V>())), Splat<V>(1.0F),
                          Splat<V>(p.negative_slope));
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const LeakyRelu&, V) {
    return hn::Zero(TagOf<V>());
  }
};
