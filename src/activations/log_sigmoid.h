// The logarithm of the sigmoid.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<LogSigmoid> {
  static constexpr Facts kFacts = {
      .title = "LogSigmoid",
      .formula = "-log(1 + exp(-x))",
      .derivative = "1 / (1 + exp(x))",
      .source = "PyTorch, torch.nn.LogSigmoid",
  };
  static constexpr auto kParameters = std::tuple<>{};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const LogSigmoid&, const T& x) {
    return -log1p(exp(-x));
  }

  template <class V>
  static HWY_INLINE V Value(const LogSigmoid&, V x) {
    const Decay<V> decay = DecayOf(hn::Abs(x));
    const Pair<V> mantissa = Log1pMantissa(decay);
    const V right = hn::Neg(ScaleByPower(Sum(mantissa), decay.n));
    const V left = Sum(Plus(Exactly(x), Negate(CoarseValue(mantissa, decay.n))));
    const auto straight = hn::Lt(x, Splat<V>(-200.0F));
    return hn::IfThenElse(hn::Lt(x, hn::Zero(TagOf<V>())), hn::IfThenElse(straight, x, left),
                          right);
  }

  template <class V>
  static HWY_INLINE V Derivative(const LogSigmoid&, V x) {
    return LogisticOf(Exactly(hn::Neg(x)));
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const LogSigmoid&, V x) {
    return hn::Neg(Round(LogisticSlope(DecayOf(hn::Abs(x)))));
  }
};
