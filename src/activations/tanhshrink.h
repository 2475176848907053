// Tanhshrink.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<Tanhshrink> {
  static constexpr Facts kFacts = {
      .title = "Tanhshrink",
      .formula = "x - tanh(x)",
      .derivative = "tanh(x)^2",
      .source = "PyTorch, torch.nn.Tanhshrink",
  };
  static constexpr auto kParameters = std::tuple<>{};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Tanhshrink&, const T& x) {
    return x - tanh(x);
  }

  template <class V>
  static HWY_INLINE V Value(const Tanhshrink&, V x) {
    const V a = hn::Abs(x);
    const V y = hn::IfThenElse(hn::Lt(a, Splat<V>(1.0F)), Near(a), Far(a));
    return hn::CopySign(y, x);
  }

  template <class V>
  static HWY_INLINE V Derivative(const Tanhshrink&, V x) {
    const Pair<V> t = TanhOfMagnitude(Exactly(hn::Abs(x)));
    return Sum(Times(t, t));
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const Tanhshrink&, V x) {
    return hn::CopySign(Round(TanhCurvature(Exactly(hn::Abs(x)))), x);
  }

  // x - tanh x cancels: x^3 (1/3 + x^2 R(x^2)) for 0 <= x < 1.
  template <class V>
  static HWY_INLINE V Near(V a) {
    const Pair<V> square = TwoProduct(a, a);
    // tools/coefficients.py: error 0.46 of 2^-24.
    const V r = Polynomial(square.hi, -0x1.11111p-3F, 0x1.ba19e4p-5F, -0x1.661666p-6F,
                           0x1.1fa664p-7F, -0x1.b499bcp-9F, 0x1.0ab7f4p-10F, -0x1.659146p-13F);
    const Pair<V> bend = {hn::Mul(square.hi, r), Splat<V>(0x1.555556p-26F)};
    const Pair<V> third = Plus(Splat<V>(0x1.555554p-2F), bend);
    return Sum(Times(Times(square, third), a));
  }

  // (x - 1) + 2e/(1 + e), e = exp(-2x), for x >= 1.
  template <class V>
  static HWY_INLINE V Far(V a) {
    const Decay<V> decay = DecayOf(hn::Add(a, a));
    const Pair<V> gap = CoarseValue(Over(decay.p, decay.one_plus), decay.n);
    const V rest = hn::Add(gap.lo, gap.lo);
    return hn::Add(hn::Add(hn::Sub(a, Splat<V>(1.0F)), hn::Add(gap.hi, gap.hi)), rest);
  }
};
