// Swish with its parameter.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<Swish> {
  static constexpr Facts kFacts = {
      .title = "Swish",
      .formula = "x / (1 + exp(-beta x))",
      .derivative = "s + beta x s (1 - s), s = 1 / (1 + exp(-beta x))",
      .source = "Ramachandran, Zoph & Le 2017, arXiv:1710.05941; ONNX 24",
      .note = "silu is swish with beta = 1.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Swish::beta>{"beta", Condition::finite}};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Swish& p, const T& x) {
    return x / (1 + exp(-(p.beta * x)));
  }

  template <class V>
  static HWY_INLINE V Value(const Swish& p, V x) {
    if (p.beta == 0) return hn::Mul(x, Splat<V>(0.5F));
    return TimesLogistic(x, TwoProduct(x, Splat<V>(p.beta)));
  }

  template <class V>
  static HWY_INLINE V Derivative(const Swish& p, V x) {
    if (p.beta == 0) return Splat<V>(0.5F);
    return SwishSlope(TwoProduct(x, Splat<V>(p.beta)));
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const Swish& p, V x) {
    if (p.beta == 0) return hn::Zero(TagOf<V>());
    const V beta = Splat<V>(p.beta);
    return SwishCurvature(TwoProduct(x, beta), beta);
  }
};
