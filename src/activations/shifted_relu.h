// Shifted ReLU, the SReLU of the ELU paper.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<ShiftedRelu> {
  static constexpr Facts kFacts = {
      .title = "ShiftedReLU",
      .formula = "max(x, -1)",
      .derivative = "x > -1 ? 1 : 0",
      .source = "Clevert, Unterthiner & Hochreiter 2015, arXiv:1511.07289",
  };
  static constexpr auto kParameters = std::tuple<>{};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const ShiftedRelu&, const T& x) {
    return x > -1 ? x : T(-1);
  }

  template <class V>
  static HWY_INLINE V Value(const ShiftedRelu&, V x) {
    const V low = Splat<V>(-1.0F);
    return hn::IfThenElse(hn::Gt(x, low), x, low);
  }

  template <class V>
  static HWY_INLINE V Derivative(const ShiftedRelu&, V x) {
    return hn::IfThenElseZero(hn::Gt(x, Splat<V>(-1.0F)), Splat<V>(1.0F));
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const ShiftedRelu&, V) {
    return hn::Zero(TagOf<V>());
  }
};
