// Threshold.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<Threshold> {
  static constexpr Facts kFacts = {
      .title = "Threshold",
      .formula = "x > threshold ? x : value",
      .derivative = "x > threshold ? 1 : 0",
      .source = "PyTorch, torch.nn.Threshold",
      .note = "Both parameters are required, as in PyTorch.",
  };
  static constexpr Threshold kExample = {0.1F, 20.0F};
  static constexpr auto kParameters =
      std::tuple{Parameter<&Threshold::threshold>{"threshold", Condition::finite},
                 Parameter<&Threshold::value>{"value", Condition::finite}};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Threshold& p, const T& x) {
    return x > p.threshold.value ? x : T(p.value);
  }

  template <class V>
  static HWY_INLINE V Value(const Threshold& p, V x) {
    return hn::IfThenElse(hn::Gt(x, Splat<V>(p.threshold)), x, Splat<V>(p.value));
  }

  template <class V>
  static HWY_INLINE V Derivative(const Threshold& p, V x) {
    return hn::IfThenElseZero(hn::Gt(x, Splat<V>(p.threshold)), Splat<V>(1.0F));
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const Threshold&, V) {
    return hn::Zero(TagOf<V>());
  }
};
