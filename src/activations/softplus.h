// Softplus.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<Softplus> {
  static constexpr Facts kFacts = {
      .title = "Softplus",
      .formula = "beta * x > threshold ? x : log(1 + exp(beta * x)) / beta",
      .derivative = "beta * x > threshold ? 1 : 1 / (1 + exp(-beta * x))",
      .source = "Dugas, Bengio, Bélisle, Nadeau & Garcia 2001, NeurIPS 13",
  };
  static std::string_view Conflict(const Softplus& p) {
    if (p.beta < 0x1p-100F || p.beta > 0x1p100F) return "beta must be between 2^-100 and 2^100";
    return p.threshold < -0x1.fffffep127F ? "threshold must exceed -inf" : "";
  }
  static constexpr auto kParameters =
      std::tuple{Parameter<&Softplus::beta>{"beta", Condition::positive},
                 Parameter<&Softplus::threshold>{"threshold", Condition::number}};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Softplus& p, const T& x) {
    return x * p.beta > p.threshold ? x : log1p(exp(x * p.beta)) / p.beta;
  }

  template <class V>
  static HWY_INLINE V Value(const Softplus& p, V x) {
    const V beta = Splat<V>(p.beta);
    const Pair<V> z = TwoProduct(x, beta);
    const Decay<V> decay = DecayOf(Magnitude(z));
    const auto negative = hn::Lt(z.hi, hn::Zero(TagOf<V>()));
    const Pair<V> quotient = Over(Log1pMantissa(decay), Constant<V>(p.beta));
    const V left = ScaleByPower(Sum(quotient), decay.n);
    const V right = Sum(Plus(Exactly(x), CoarseValue(quotient, decay.n)));
    const V bent = hn::IfThenElse(negative, left, right);
    const V y = hn::IfThenElse(hn::Gt(z.hi, Splat<V>(200.0F)), x, bent);
    return hn::IfThenElse(hn::Gt(z.hi, Splat<V>(p.threshold)), x, y);
  }

  template <class V>
  static HWY_INLINE V Derivative(const Softplus& p, V x) {
    const Pair<V> z = TwoProduct(x, Splat<V>(p.beta));
    return hn::IfThenElse(hn::Gt(z.hi, Splat<V>(p.threshold)), Splat<V>(1.0F), LogisticOf(z));
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const Softplus& p, V x) {
    const V beta = Splat<V>(p.beta);
    const Pair<V> z = TwoProduct(x, beta);
    const Scaled<V> slope = LogisticSlope(DecayOf(Magnitude(z)));
    const V bent = ScaleByPower(RoundedProduct(slope.s, beta), slope.n);
    return hn::IfThenElse(hn::Gt(z.hi, Splat<V>(p.threshold)), hn::Zero(TagOf<V>()), bent);
  }
};
