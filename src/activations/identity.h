// The identity.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<Identity> {
  static constexpr Facts kFacts = {
      .title = "Identity",
      .formula = "x",
      .derivative = "1",
      .source = "torch.nn.Identity; Keras, linear",
  };
  static constexpr auto kParameters = std::tuple<>{};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Identity&, const T& x) {
    return x;
  }

  template <class V>
  static HWY_INLINE V Value(const Identity&, V x) {
    return x;
  }

  template <class V>
  static HWY_INLINE V Derivative(const Identity&, V) {
    return Splat<V>(1.0F);
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const Identity&, V) {
    return hn::Zero(TagOf<V>());
  }
};
