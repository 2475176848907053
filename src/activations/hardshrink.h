// Hardshrink: what is small becomes 0.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<Hardshrink> {
  static constexpr Facts kFacts = {
      .title = "Hardshrink",
      .formula = "|x| > lambd ? x : 0",
      .derivative = "|x| > lambd ? 1 : 0",
      .source = "Donoho & Johnstone 1994, Biometrika 81(3)",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Hardshrink::lambd>{"lambd", Condition::nonnegative}};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Hardshrink& p, const T& x) {
    return x > p.lambd || x < -p.lambd ? x : T(0);
  }

  template <class V>
  static HWY_INLINE V Value(const Hardshrink& p, V x) {
    const V kept = hn::IfThenElseZero(hn::Gt(hn::Abs(x), Splat<V>(p.lambd)), x);
    return hn::CopySign(kept, x);
  }

  template <class V>
  static HWY_INLINE V Derivative(const Hardshrink& p, V x) {
    return hn::IfThenElseZero(hn::Gt(hn::Abs(x), Splat<V>(p.lambd)), Splat<V>(1.0F));
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const Hardshrink&, V) {
    return hn::Zero(TagOf<V>());
  }
};
