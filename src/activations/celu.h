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
    return x < 0 ? p.alpha * expm1(x / p.alpha) : x;
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
};
