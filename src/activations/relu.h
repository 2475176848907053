// ReLU, the rectified linear unit.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<Relu> {
  static constexpr Facts kFacts = {
      .title = "ReLU",
      .formula = "max(x, 0)",
      .derivative = "x > 0 ? 1 : 0",
      .source = "Nair & Hinton 2010, ICML",
  };
  static constexpr auto kParameters = std::tuple<>{};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Relu&, const T& x) {
    return x > 0 ? x : T(0);
  }

  template <class V>
  static HWY_INLINE V Value(const Relu&, V x) {
    return hn::IfThenElseZero(hn::Gt(x, hn::Zero(TagOf<V>())), x);
  }

  template <class V>
  static HWY_INLINE V Derivative(const Relu&, V x) {
    return hn::IfThenElseZero(hn::Gt(x, hn::Zero(TagOf<V>())), Splat<V>(1.0F));
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const Relu&, V) {
    return hn::Zero(TagOf<V>());
  }
};
