// The hyperbolic tangent.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<Tanh> {
  static constexpr Facts kFacts = {
      .title = "Tanh",
      .formula = "tanh(x)",
      .derivative = "1 - tanh(x)^2",
      .source = "LeCun, Bottou, Orr & Müller 1998, Efficient BackProp",
  };
  static constexpr auto kParameters = std::tuple<>{};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Tanh&, const T& x) {
    return tanh(x);
  }

  template <class V>
  static HWY_INLINE V Value(const Tanh&, V x) {
    return hn::CopySign(Sum(TanhOfMagnitude(Exactly(hn::Abs(x)))), x);
  }

  template <class V>
  static HWY_INLINE V Derivative(const Tanh&, V x) {
    return Round(TanhSlopeOfMagnitude(Exactly(hn::Abs(x))));
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const Tanh&, V x) {
    return hn::CopySign(Round(TanhCurvature(Exactly(hn::Abs(x)))), hn::Neg(x));
  }
};
