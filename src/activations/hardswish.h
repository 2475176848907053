// Hard swish.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<Hardswish> {
  static constexpr Facts kFacts = {
      .title = "Hardswish",
      .formula = "x * min(max(x + 3, 0), 6) / 6",
      .derivative = "x <= -3 ? 0 : x < 3 ? (2x + 3) / 6 : 1",
      .source = "Howard et al. 2019, arXiv:1905.02244",
  };
  static constexpr auto kParameters = std::tuple<>{};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Hardswish&, const T& x) {
    return x <= -3 ? T(0) : x >= 3 ? x : x * (x + 3) / 6;
  }

  template <class V>
  static HWY_INLINE V Value(const Hardswish&, V x) {
    const V c = ClampKeepingNan(x, -3.0F, 3.0F);
    const Pair<V> product = Times(TwoSum(c, Splat<V>(3.0F)), c);
    const V inside = Sum(Over(product, Constant<V>(6.0F)));
    const V left = hn::IfThenElse(hn::Gt(x, Splat<V>(-3.0F)), inside, Splat<V>(-0.0F));
    const V y = hn::IfThenElse(hn::Lt(x, Splat<V>(3.0F)), left, x);
    return hn::IfThenElse(hn::Eq(x, hn::Zero(TagOf<V>())), x, y);
  }

  template <class V>
  static HWY_INLINE V Derivative(const Hardswish&, V x) {
    const V twice = hn::Add(x, x);
    const V inside = Sum(Over(TwoSum(twice, Splat<V>(3.0F)), Constant<V>(6.0F)));
    const V left = hn::IfThenElseZero(hn::Gt(x, Splat<V>(-3.0F)), inside);
    return hn::IfThenElse(hn::Lt(x, Splat<V>(3.0F)), left, Splat<V>(1.0F));
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const Hardswish&, V x) {
    return hn::IfThenElseZero(hn::Lt(hn::Abs(x), Splat<V>(3.0F)), Splat<V>(0x1.555556p-2F));
  }
};
