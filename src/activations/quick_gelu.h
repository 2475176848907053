// Quick GELU: the logistic stands in for the normal distribution.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<QuickGelu> {
  static constexpr Facts kFacts = {
      .title = "QuickGELU",
      .formula = "x / (1 + exp(-1.702 x))",
      .derivative = "s + 1.702 x s (1 - s), s = 1 / (1 + exp(-1.702 x))",
      .source = "Hendrycks & Gimpel 2016, arXiv:1606.08415; Hugging Face, quick_gelu",
      .note = "Differs from gelu by at most 0.0204. 1.702 is the nearest float32.",
  };
  static constexpr auto kParameters = std::tuple<>{};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const QuickGelu&, const T& x) {
    return x / (1 + exp(-(static_cast<double>(1.702F) * x)));
  }

  template <class V>
  static HWY_INLINE V Value(const QuickGelu&, V x) {
    return TimesLogistic(x, TwoProduct(x, Splat<V>(1.702F)));
  }

  template <class V>
  static HWY_INLINE V Derivative(const QuickGelu&, V x) {
    return SwishSlope(TwoProduct(x, Splat<V>(1.702F)));
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const QuickGelu&, V x) {
    const V c = Splat<V>(1.702F);
    return SwishCurvature(TwoProduct(x, c), c);
  }
};
