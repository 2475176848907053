// Softshrink: soft thresholding, the proximal map of lambd |x|.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<Softshrink> {
  static constexpr Facts kFacts = {
      .title = "Softshrink",
      .formula = "x > lambd ? x - lambd : x < -lambd ? x + lambd : 0",
      .derivative = "|x| > lambd ? 1 : 0",
      .source = "Donoho & Johnstone 1994, Biometrika 81(3)",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Softshrink::lambd>{"lambd", Condition::nonnegative}};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Softshrink& p, const T& x) {
    return x > p.lambd ? x - p.lambd : x < -p.lambd ? x + p.lambd : T(0);
  }

  template <class V>
  static HWY_INLINE V Value(const Softshrink& p, V x) {
    const V excess = hn::Sub(hn::Abs(x), Splat<V>(p.lambd));
    const V kept = hn::IfThenElseZero(hn::Gt(excess, hn::Zero(TagOf<V>())), excess);
    return hn::CopySign(kept, x);
  }

  template <class V>
  static HWY_INLINE V Derivative(const Softshrink& p, V x) {
    return hn::IfThenElseZero(hn::Gt(hn::Abs(x), Splat<V>(p.lambd)), Splat<V>(1.0F));
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const Softshrink&, V) {
    return hn::Zero(TagOf<V>());
  }
};
