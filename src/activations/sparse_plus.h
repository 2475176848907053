// Sparse plus, the integral of sparse_sigmoid.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<SparsePlus> {
  static constexpr Facts kFacts = {
      .title = "SparsePlus",
      .formula = "x <= -1 ? 0 : x < 1 ? (x + 1)^2 / 4 : x",
      .derivative = "min(max((x + 1) / 2, 0), 1)",
      .source = "JAX, jax.nn.sparse_plus",
  };
  static constexpr auto kParameters = std::tuple<>{};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const SparsePlus&, const T& x) {
    return x <= -1 ? T(0) : x >= 1 ? x : (x + 1) * (x + 1) / 4;
  }

  template <class V>
  static HWY_INLINE V Value(const SparsePlus&, V x) {
    const Pair<V> s = TwoSum(ClampKeepingNan(x, -1.0F, 1.0F), Splat<V>(1.0F));
    const V bent = hn::Mul(Sum(Times(s, s)), Splat<V>(0.25F));
    return hn::IfThenElse(hn::Lt(x, Splat<V>(1.0F)), bent, x);
  }

  template <class V>
  static HWY_INLINE V Derivative(const SparsePlus&, V x) {
    const V c = ClampKeepingNan(x, -1.0F, 1.0F);
    return hn::Mul(hn::Add(c, Splat<V>(1.0F)), Splat<V>(0.5F));
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const SparsePlus&, V x) {
    return hn::IfThenElseZero(hn::Lt(hn::Abs(x), Splat<V>(1.0F)), Splat<V>(0.5F));
  }
};
