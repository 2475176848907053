// GELU, the Gaussian error linear unit.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<Gelu> {
  static constexpr Facts kFacts = {
      .title = "GELU",
      .formula =
          "approximate=none: x * Phi(x); tanh: 0.5 * x * (1 + tanh(sqrt(2/pi) * (x + 0.044715 * "
          "x^3)))",
      .derivative = "none: Phi(x) + x * phi(x); tanh: the derivative of that form",
      .source = "Hendrycks & Gimpel 2016, arXiv:1606.08415",
      .note =
          "Exact by default in PyTorch, ONNX and keras.activations; the tanh form is jax.nn's and "
          "keras.ops' default. They differ by at most 4.74e-4.",
  };
  static constexpr std::string_view kForms[] = {"none", "tanh"};
  static constexpr auto kParameters =
      std::tuple{Parameter<&Gelu::approximate>{"approximate", Condition::choice, kForms}};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Gelu& p, const T& x) {
    if (p.approximate == Gelu::Approximate::none) {
      return x * erfc(-x / sqrt(T(2))) / 2;
    }
    const T cubic = T::FromDecimal("0.044715");
    return x / (1 + exp(-2 * sqrt(2 / T::Pi()) * (x + cubic * x * x * x)));
  }

  template <class V>
  static HWY_INLINE V Value(const Gelu& p, V x) {
    return p.approximate == Gelu::Approximate::tanh ? TanhValue(x) : ExactValue(x);
  }

  template <class V>
  static HWY_INLINE V Derivative(const Gelu& p, V x) {
    return p.approximate == Gelu::Approximate::tanh ? TanhSlope(x) : ExactSlope(x);
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const Gelu& p, V x) {
    return p.approximate == Gelu::Approximate::tanh ? TanhBend(x) : ExactBend(x);
  }

  // x <= 0: x Phi(x); x > 0: x - x Phi(-x). Never by 1 + erf, which loses every digit of the tail.
  template <class V>
  static HWY_INLINE V ExactValue(V x) {
    const GaussTail<V> tail = GaussTailOf(Exactly(hn::Abs(x)));
    const V gap = ScaleByPower(RoundedProduct(Times(tail.p, tail.g), tail.t), tail.n);
    return hn::IfThenElse(hn::Lt(x, hn::Zero(TagOf<V>())), hn::Neg(gap), hn::Sub(x, gap));
  }

  // With t = |x|: x <= 0: Phi(-t) - t phi(t); x > 0: 1 less that.
  template <class V>
  static HWY_INLINE V ExactSlope(V x) {
    const GaussTail<V> tail = GaussTailOf(Exactly(hn::Abs(x)));
    const Pair<V> bell = Times(Constant<V>(0x1.988452p-2F, 0x1.3d4366p-26F), tail.t);
    const Pair<V> factor = Plus(tail.g, Negate(bell));  // the constant: 1/sqrt(2 pi)
    const V left = ScaleByPower(Sum(Times(tail.p, factor)), tail.n);
    const V right = hn::Sub(Splat<V>(1.0F), left);
    return hn::IfThenElse(hn::Lt(x, hn::Zero(TagOf<V>())), left, right);
  }

  // The tanh form is x / (1 + e^-z), z = 2 sqrt(2/pi) (x + 0.044715 x^3). An error in z is one of
  // e^z, many times over: z is a pair.
  template <class V>
  struct Inner {
    Pair<V> z;  // for x within 20; beyond, the limits are reached
    Pair<V> w;  // x * dz/dx
  };

  template <class V>
  static HWY_INLINE Inner<V> InnerOf(V x) {
    const Pair<V> linear = Constant<V>(0x1.988452p0F, 0x1.3d4366p-24F);
    const Pair<V> cubic = Times(TwoProduct(x, x), Constant<V>(0x1.2444f2p-4F, 0x1.49b16ap-29F));
    const Pair<V> steep = Times(cubic, Splat<V>(3.0F));
    return {Times(Plus(linear, cubic), x), Times(Plus(linear, steep), x)};
  }

  template <class V>
  static HWY_INLINE V TanhValue(V x) {
    const V c = ClampKeepingNan(x, -20.0F, 20.0F);
    return TimesLogistic(x, InnerOf(c).z);
  }

  template <class V>
  static HWY_INLINE V TanhSlope(V x) {
    const Inner<V> inner = InnerOf(ClampKeepingNan(x, -20.0F, 20.0F));
    return TimesLogisticSlope(inner.w, inner.z);
  }

  // phi(x) (2 - x^2)
  template <class V>
  static HWY_INLINE V ExactBend(V x) {
    const GaussTail<V> tail = GaussTailOf(Exactly(hn::Abs(x)));
    const Pair<V> factor = Plus(Constant<V>(2.0F), Negate(TwoProduct(tail.t, tail.t)));
    const Pair<V> bell = Times(tail.p, Constant<V>(0x1.988452p-2F, 0x1.3d4366p-26F));
    return Round(Scaled<V>{Times(bell, factor), tail.n});
  }

  // With s the logistic of z: s' (2 z' + x z'' - x z'^2 tanh(z/2)), where s' = s (1 - s).
  template <class V>
  static HWY_INLINE V TanhBend(V x) {
    const V c = hn::Abs(ClampKeepingNan(x, -20.0F, 20.0F));  // it is even
    const Inner<V> inner = InnerOf(c);
    const Scaled<V> slope = LogisticSlope(DecayOf(inner.z));
    const Pair<V> cubic = Times(TwoProduct(c, c), Constant<V>(0x1.2444f2p-4F, 0x1.49b16ap-29F));
    const Pair<V> linear = Constant<V>(0x1.988452p0F, 0x1.3d4366p-24F);
    const Pair<V> rising = Times(Plus(linear, Times(cubic, Splat<V>(6.0F))), Splat<V>(2.0F));
    const Pair<V> steep = Plus(linear, Times(cubic, Splat<V>(3.0F)));
    const V half = Splat<V>(0.5F);
    const Pair<V> halved = {hn::Mul(inner.z.hi, half), hn::Mul(inner.z.lo, half)};
    const Pair<V> falling = Times(Times(inner.w, steep), TanhOfMagnitude(halved));
    return Round(Scaled<V>{Times(slope.s, Plus(rising, Negate(falling))), slope.n});
  }
};
