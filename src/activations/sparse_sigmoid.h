// Sparse sigmoid, the hard sigmoid of BinaryConnect.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<SparseSigmoid> {
  static constexpr Facts kFacts = {
      .title = "SparseSigmoid",
      .formula = "min(max((x + 1) / 2, 0), 1)",
      .derivative = "-1 < x < 1 ? 1/2 : 0",
      .source = "Courbariaux, Bengio & David 2015, arXiv:1511.00363; JAX",
  };
  static constexpr auto kParameters = std::tuple<>{};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const SparseSigmoid&, const T& x) {
    return x <= -1 ? T(0) : x >= 1 ? T(1) : (x + 1) / 2;
  }

  template <class V>
  static HWY_INLINE V Value(const SparseSigmoid&, V x) {
    const V c = ClampKeepingNan(x, -1.0F, 1.0F);
    return hn::Mul(hn::Add(c, Splat<V>(1.0F)), Splat<V>(0.5F));
  }

  template <class V>
  static HWY_INLINE V Derivative(const SparseSigmoid&, V x) {
    return hn::IfThenElseZero(hn::Lt(hn::Abs(x), Splat<V>(1.0F)), Splat<V>(0.5F));
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const SparseSigmoid&, V) {
    return hn::Zero(TagOf<V>());
  }
};
