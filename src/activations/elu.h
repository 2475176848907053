// ELU, the exponential linear unit.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<Elu> {
  static constexpr Facts kFacts = {
      .title = "ELU",
      .formula = "x > 0 ? x : alpha * (exp(x) - 1)",
      .derivative = "x > 0 ? 1 : alpha * exp(x)",
      .source = "Clevert, Unterthiner & Hochreiter 2015, arXiv:1511.07289",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Elu::alpha>{"alpha", Condition::finite}};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Elu& p, const T& x) {
    return x > 0 ? x : p.alpha * expm1(x);
  }

  template <class V>
  static HWY_INLINE V Value(const Elu& p, V x) {
    const V alpha = Splat<V>(p.alpha);
    const V zero = hn::Zero(TagOf<V>());
    const V left = RoundedProduct(Expm1OfNegative(Exactly(x)), alpha);
    const V y = hn::IfThenElse(hn::Gt(x, zero), x, left);
    return hn::IfThenElse(hn::Eq(x, zero), hn::Mul(alpha, x), y);
  }

  template <class V>
  static HWY_INLINE V Derivative(const Elu& p, V x) {
    const V left = Round(TimesAny(ExpOfNegative(Exactly(x)), p.alpha));
    return hn::IfThenElse(hn::Gt(x, hn::Zero(TagOf<V>())), Splat<V>(1.0F), left);
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const Elu& p, V x) {
    const V left = Round(TimesAny(ExpOfNegative(Exactly(x)), p.alpha));
    return hn::IfThenElse(hn::Gt(x, hn::Zero(TagOf<V>())), hn::Zero(TagOf<V>()), left);
  }
};
