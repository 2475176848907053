// LiSHT, the linearly scaled hyperbolic tangent.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<Lisht> {
  static constexpr Facts kFacts = {
      .title = "LiSHT",
      .formula = "x * tanh(x)",
      .derivative = "tanh(x) + x * (1 - tanh(x)^2)",
      .source = "Roy et al. 2019, arXiv:1901.05894",
  };
  static constexpr auto kParameters = std::tuple<>{};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Lisht&, const T& x) {
    return x * tanh(x);
  }

  template <class V>
  static HWY_INLINE V Value(const Lisht&, V x) {
    const V a = hn::Abs(x);
    const V bent = RoundedProduct(TanhOfMagnitude(Exactly(ClampKeepingNan(a, 0.0F, 20.0F))), a);
    return hn::IfThenElse(hn::Gt(a, Splat<V>(20.0F)), a, bent);
  }

  template <class V>
  static HWY_INLINE V Derivative(const Lisht&, V x) {
    const V a = ClampKeepingNan(hn::Abs(x), 0.0F, 100.0F);
    const Scaled<V> slope = TanhSlopeOfMagnitude(Exactly(a));
    const Pair<V> second = Times(CoarseValue(slope.s, slope.n), a);
    return hn::CopySign(Sum(Plus(TanhOfMagnitude(Exactly(a)), second)), x);
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const Lisht&, V x) {
    const V a = ClampKeepingNan(hn::Abs(x), 0.0F, 100.0F);
    const Scaled<V> slope = TanhSlopeOfMagnitude(Exactly(a));
    const Pair<V> bend = Times(TanhOfMagnitude(Exactly(a)), hn::Mul(a, Splat<V>(-2.0F)));
    return Round(Scaled<V>{Times(slope.s, Plus(Constant<V>(2.0F), bend)), slope.n});
  }
};
