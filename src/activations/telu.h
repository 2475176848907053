// TeLU, the hyperbolic tangent exponential linear unit.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<Telu> {
  static constexpr Facts kFacts = {
      .title = "TeLU",
      .formula = "x * tanh(exp(x))",
      .derivative = "tanh(e) + x * e * (1 - tanh(e)^2), e = exp(x)",
      .source = "Fernandez & Mali 2024, arXiv:2412.20269",
  };
  static constexpr auto kParameters = std::tuple<>{};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Telu&, const T& x) {
    return x * tanh(exp(x));
  }

  // e^x: p * 2^n, and as an ordinary pair. Below -10, tanh(e^x) is e^x to 2^-30; above 4.2 it is 1.
  template <class V>
  struct Exponential {
    Pair<V> p, u;
    IntOf<V> n;
  };

  template <class V>
  static HWY_INLINE Exponential<V> ExponentialOf(V x) {
    const ExpParts<V> e = SplitExp(ClampKeepingNan(x, -160.0F, 4.2F), hn::Zero(TagOf<V>()));
    const Pair<V> p = Mantissa(e);
    return {p, CoarseValue(p, e.n), e.n};
  }

  template <class V>
  static HWY_INLINE V Value(const Telu&, V x) {
    const V c = ClampKeepingNan(x, -200.0F, 4.2F);
    const Exponential<V> e = ExponentialOf(c);
    const V tail = ScaleByPower(RoundedProduct(e.p, c), e.n);
    const V bent = RoundedProduct(TanhOfMagnitude(e.u), c);
    const V left = hn::IfThenElse(hn::Lt(x, Splat<V>(-10.0F)), tail, bent);
    const auto itself = hn::Or(hn::Gt(x, Splat<V>(4.2F)), hn::Eq(x, hn::Zero(TagOf<V>())));
    return hn::IfThenElse(itself, x, left);
  }

  template <class V>
  static HWY_INLINE V Derivative(const Telu&, V x) {
    const V c = ClampKeepingNan(x, -200.0F, 4.2F);
    const Exponential<V> e = ExponentialOf(c);
    const V tail = Round(Scaled<V>{Times(e.p, TwoSum(c, Splat<V>(1.0F))), e.n});
    const Scaled<V> sech = TanhSlopeOfMagnitude(e.u);
    const Pair<V> second = Times(Times(e.u, c), CoarseValue(sech.s, sech.n));
    const V bent = Sum(Plus(TanhOfMagnitude(e.u), second));
    const V left = hn::IfThenElse(hn::Lt(x, Splat<V>(-10.0F)), tail, bent);
    return hn::IfThenElse(hn::Gt(x, Splat<V>(4.2F)), Splat<V>(1.0F), left);
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const Telu&, V x) {
    const V c = ClampKeepingNan(x, -200.0F, 4.2F);
    const Exponential<V> e = ExponentialOf(c);
    const V tail = Round(Scaled<V>{Times(e.p, TwoSum(c, Splat<V>(2.0F))), e.n});
    const Scaled<V> sech = TanhSlopeOfMagnitude(e.u);
    // e^x (1 - tanh^2) (2 + x (1 - 2 e^x tanh))
    const Pair<V> twice = {hn::Mul(e.u.hi, Splat<V>(-2.0F)), hn::Mul(e.u.lo, Splat<V>(-2.0F))};
    const Pair<V> inner = Plus(Constant<V>(1.0F), Times(twice, TanhOfMagnitude(e.u)));
    const Pair<V> factor = Plus(Constant<V>(2.0F), Times(inner, c));
    const V bent = Round(Scaled<V>{Times(Times(e.u, factor), sech.s), sech.n});
    const V left = hn::IfThenElse(hn::Lt(x, Splat<V>(-10.0F)), tail, bent);
    return hn::IfThenElse(hn::Gt(x, Splat<V>(4.2F)), hn::Zero(TagOf<V>()), left);
  }
};
