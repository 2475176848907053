// Thresholded ReLU.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<ThresholdedRelu> {
  static constexpr Facts kFacts = {
      .title = "ThresholdedReLU",
      .formula = "x > alpha ? x : 0",
      .derivative = "x > alpha ? 1 : 0",
      .source = "Konda, Memisevic & Krueger 2014, arXiv:1402.3337; ONNX",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&ThresholdedRelu::alpha>{"alpha", Condition::finite}};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const ThresholdedRelu& p, const T& x) {
    return x > p.alpha ? x : T(0);
  }

  template <class V>
  static HWY_INLINE V Value(const ThresholdedRelu& p, V x) {
    return hn::IfThenElseZero(hn::Gt(x, Splat<V>(p.alpha)), x);
  }

  template <class V>
  static HWY_INLINE V Derivative(const ThresholdedRelu& p, V x) {
    return hn::IfThenElseZero(hn::Gt(x, Splat<V>(p.alpha)), Splat<V>(1.0F));
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const ThresholdedRelu&, V) {
    return hn::Zero(TagOf<V>());
  }
};
