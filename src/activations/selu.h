// SELU, the scaled exponential linear unit.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<Selu> {
  static constexpr Facts kFacts = {
      .title = "SELU",
      .formula =
          "scale * (x > 0 ? x : alpha * (exp(x) - 1)), scale = 1.0507009873554805, alpha = "
          "1.6732632423543772",
      .derivative = "x > 0 ? scale : scale * alpha * exp(x)",
      .source = "Klambauer, Unterthiner, Mayr & Hochreiter 2017, arXiv:1706.02515",
  };
  static constexpr auto kParameters = std::tuple<>{};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Selu&, const T& x) {
    const T alpha = T::FromDecimal("1.6732632423543772848170429916717");
    const T scale = T::FromDecimal("1.0507009873554804934193349852946");
    return scale * (x > 0 ? x : alpha * expm1(x));
  }

  template <class V>
  static HWY_INLINE V Value(const Selu&, V x) {
    const V zero = hn::Zero(TagOf<V>());
    // Both low parts are positive: scale * inf stays inf.
    const V right = RoundedProduct(Constant<V>(0x1.0cfabcp0F, 0x1.6a9114p-24F), x);
    const V left =
        Sum(Times(Constant<V>(0x1.c212ccp0F, 0x1.903c0cp-26F), Expm1OfNegative(Exactly(x))));
    const V y = hn::IfThenElse(hn::Gt(x, zero), right, left);
    return hn::IfThenElse(hn::Eq(x, zero), x, y);
  }

  template <class V>
  static HWY_INLINE V Derivative(const Selu&, V x) {
    const Scaled<V> e = ExpOfNegative(Exactly(x));
    const Pair<V> steep = Constant<V>(0x1.c212ccp0F, 0x1.903c0cp-26F);
    const V left = Round(Scaled<V>{Times(steep, e.s), e.n});
    return hn::IfThenElse(hn::Gt(x, hn::Zero(TagOf<V>())), Splat<V>(0x1.0cfabep0F), left);
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const Selu&, V x) {
    const Scaled<V> e = ExpOfNegative(Exactly(x));
    const Pair<V> steep = Constant<V>(0x1.c212ccp0F, 0x1.903c0cp-26F);
    const V left = Round(Scaled<V>{Times(steep, e.s), e.n});
    return hn::IfThenElse(hn::Gt(x, hn::Zero(TagOf<V>())), hn::Zero(TagOf<V>()), left);
  }
};
