// Shrink with a bias: hardshrink at bias 0, softshrink at bias lambd.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<Shrink> {
  static constexpr Facts kFacts = {
      .title = "Shrink",
      .formula = "x < -lambd ? x + bias : x > lambd ? x - bias : 0",
      .derivative = "|x| > lambd ? 1 : 0",
      .source = "ONNX, Shrink",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Shrink::lambd>{"lambd", Condition::nonnegative},
                 Parameter<&Shrink::bias>{"bias", Condition::finite}};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Shrink& p, const T& x) {
    return x < -p.lambd ? x + p.bias : x > p.lambd ? x - p.bias : T(0);
  }

  template <class V>
  static HWY_INLINE V Value(const Shrink& p, V x) {
    const V a = hn::Abs(x);
    const V moved = hn::Sub(a, Splat<V>(p.bias));
    const V kept = hn::IfThenElseZero(hn::Gt(a, Splat<V>(p.lambd)), moved);
    return hn::Xor(kept, hn::And(x, Splat<V>(-0.0F)));  // odd; moved may be negative
  }

  template <class V>
  static HWY_INLINE V Derivative(const Shrink& p, V x) {
    return hn::IfThenElseZero(hn::Gt(hn::Abs(x), Splat<V>(p.lambd)), Splat<V>(1.0F));
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const Shrink&, V) {
    return hn::Zero(TagOf<V>());
  }
};
