// Softsign.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<Softsign> {
  static constexpr Facts kFacts = {
      .title = "Softsign",
      .formula = "x / (1 + |x|)",
      .derivative = "1 / (1 + |x|)^2",
      .source = "Turian, Bergstra & Bengio 2009, NAACL; Glorot & Bengio 2010, AISTATS",
  };
  static constexpr auto kParameters = std::tuple<>{};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Softsign&, const T& x) {
    return x > 0 ? x / (1 + x) : x < 0 ? x / (1 - x) : x;
  }

  template <class V>
  static HWY_INLINE V Value(const Softsign&, V x) {
    const V a = ClampKeepingNan(hn::Abs(x), 0.0F, 0x1p30F);  // 1 beyond
    return hn::CopySign(Sum(Over(Exactly(a), TwoSum(Splat<V>(1.0F), a))), x);
  }

  template <class V>
  static HWY_INLINE V Derivative(const Softsign&, V x) {
    const V a = ClampKeepingNan(hn::Abs(x), 0.0F, 0x1p80F);  // 0 beyond
    const Pair<V> q = Over(Constant<V>(1.0F), TwoSum(Splat<V>(1.0F), a));
    return Sum(Times(q, q));
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const Softsign&, V x) {
    const V a = ClampKeepingNan(hn::Abs(x), 0.0F, 0x1p60F);  // 0 beyond
    const Pair<V> q = Over(Constant<V>(1.0F), TwoSum(Splat<V>(1.0F), a));
    const V cube = hn::Mul(Splat<V>(2.0F), Sum(Times(Times(q, q), q)));
    const V bend = hn::CopySign(cube, hn::Neg(x));
    return hn::IfThenElseZero(hn::Ne(x, hn::Zero(TagOf<V>())), bend);
  }
};
