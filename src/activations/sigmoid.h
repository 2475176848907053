// The logistic sigmoid.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<Sigmoid> {
  static constexpr Facts kFacts = {
      .title = "Sigmoid",
      .formula = "1 / (1 + exp(-x))",
      .derivative = "exp(-x) / (1 + exp(-x))^2",
      .source = "Verhulst 1838; Rumelhart, Hinton & Williams 1986, Nature 323",
  };
  static constexpr auto kParameters = std::tuple<>{};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Sigmoid&, const T& x) {
    return 1 / (1 + exp(-x));
  }

  template <class V>
  static HWY_INLINE V Value(const Sigmoid&, V x) {
    return LogisticOf(Exactly(x));
  }

  template <class V>
  static HWY_INLINE V Derivative(const Sigmoid&, V x) {
    return Round(LogisticSlope(DecayOf(hn::Abs(x))));
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const Sigmoid&, V x) {
    return hn::CopySign(Round(LogisticCurvature(Exactly(hn::Abs(x)))), hn::Neg(x));
  }
};
