// Soft cap: tanh, stretched to an interval.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<Softcap> {
  static constexpr Facts kFacts = {
      .title = "Softcap",
      .formula = "cap * tanh(x / cap)",
      .derivative = "1 - tanh(x / cap)^2",
      .source = "Gemma Team 2024, arXiv:2408.00118",
  };
  static constexpr Softcap kExample = {30.0F};
  static constexpr auto kParameters =
      std::tuple{Parameter<&Softcap::cap>{"cap", Condition::positive}};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Softcap& p, const T& x) {
    return p.cap.value * tanh(x / p.cap.value);
  }

  // |x| / cap, with what the division rounds off.
  template <class V>
  static HWY_INLINE Pair<V> Quotient(const Softcap& p, V x) {
    const V cap = Splat<V>(p.cap);
    const V a = hn::Abs(x);
    const V z = hn::Div(a, cap);
    return {z, hn::Div(NegFma(z, cap, a), cap)};
  }

  template <class V>
  static HWY_INLINE V Value(const Softcap& p, V x) {
    const Pair<V> z = Quotient(p, x);
    const V bent = hn::CopySign(RoundedProduct(TanhOfMagnitude(z), Splat<V>(p.cap)), x);
    // So near 0 the line is exact, and z may be subnormal.
    return hn::IfThenElse(hn::Lt(z.hi, Splat<V>(0x1p-20F)), x, bent);
  }

  template <class V>
  static HWY_INLINE V Derivative(const Softcap& p, V x) {
    return Round(TanhSlopeOfMagnitude(Quotient(p, x)));
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const Softcap& p, V x) {
    const Scaled<V> bend = TanhCurvature(Quotient(p, x));
    const V y = ScaleByPower(hn::Div(Sum(bend.s), Splat<V>(p.cap)), bend.n);
    return hn::CopySign(y, hn::Neg(x));
  }
};
