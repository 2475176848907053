// CELU, the continuously differentiable exponential linear unit.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<Celu> {
  static constexpr Facts kFacts = {
      .title = "CELU",
      .formula = "max(x, 0) + min(0, alpha * (exp(x / alpha) - 1))",
      .derivative = "x < 0 ? exp(x / alpha) : 1",
      .source = "Barron 2017, arXiv:1704.07483",
      .note =
          "alpha * exp(x / alpha - 1), which some notes print, is a misprint. A negative alpha, "
          "which "
          "PyTorch lets pass, is refused.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Celu::alpha>{"alpha", Condition::positive}};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Celu& p, const T& x) {
    if (x < 0) return p.alpha * expm1(x / p.alpha);
    // Where the second derivative jumps it is the mean of its limits.
    return x > 0 ? x : (p.alpha * expm1(x / p.alpha) + x) / 2;
  }

  // x / alpha, with what the division rounds off.
  template <class V>
  static HWY_INLINE Pair<V> Quotient(const Celu& p, V x) {
    const V alpha = Splat<V>(p.alpha);
    const V z = hn::Div(x, alpha);
    return {z, hn::Div(NegFma(z, alpha, x), alpha)};
  }

  template <class V>
  static HWY_INLINE V Value(const Celu& p, V x) {
    const Pair<V> z = Quotient(p, x);
    const V left = RoundedProduct(Expm1OfNegative(z), Splat<V>(p.alpha));
    // So near 0 the line is exact, and z may be subnormal.
    const auto straight = hn::Gt(z.hi, Splat<V>(-0x1p-40F));
    return hn::IfThenElse(straight, x, left);
  }

  template <class V>
  static HWY_INLINE V Derivative(const Celu& p, V x) {
    const Scaled<V> e = ExpOfNegative(Quotient(p, x));
    return hn::IfThenElse(hn::Lt(x, hn::Zero(TagOf<V>())), Round(e), Splat<V>(1.0F));
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const Celu& p, V x) {
    const Scaled<V> e = ExpOfNegative(Quotient(p, x));
    const V left = ScaleByPower(hn::Div(Sum(e.s), Splat<V>(p.alpha)), e.n);
    const V bend = hn::IfThenElseZero(hn::Le(x, hn::Zero(TagOf<V>())), left);
    const V half = hn::Mul(bend, Splat<V>(0.5F));  // at 0 the mean of both sides
    return hn::IfThenElse(hn::Eq(x, hn::Zero(TagOf<V>())), half, bend);
  }
};
