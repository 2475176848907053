// Mish.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<Mish> {
  static constexpr Facts kFacts = {
      .title = "Mish",
      .formula = "x * tanh(log(1 + exp(x)))",
      .derivative = "t + x * (1 - t^2) / (1 + exp(-x)), t = tanh(log(1 + exp(x)))",
      .source = "Misra 2019, arXiv:1908.08681",
  };
  static constexpr auto kParameters = std::tuple<>{};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Mish&, const T& x) {
    return x * tanh(log1p(exp(x)));
  }

  // tanh(log1p(e^x)) as a quotient, by e = e^-|x|:
  // x < 0: e (e + 2) / ((1 + e)^2 + 1), its factor e left out; x >= 0: (1 + 2e) / (1 + 2e + 2e^2).
  template <class V>
  struct Quotient {
    Pair<V> numerator, denominator;
  };

  template <class V>
  static HWY_INLINE Quotient<V> LeftOf(const Decay<V>& decay) {
    const Pair<V> square = Times(decay.one_plus, decay.one_plus);
    return {Plus(Splat<V>(2.0F), decay.e), Plus(square, Constant<V>(1.0F))};
  }

  template <class V>
  static HWY_INLINE Quotient<V> RightOf(const Decay<V>& decay) {
    const Pair<V> numerator = Plus(decay.one_plus, decay.e);
    const Pair<V> twice = {hn::Add(decay.e.hi, decay.e.hi), hn::Add(decay.e.lo, decay.e.lo)};
    return {numerator, Plus(numerator, Times(twice, decay.e))};
  }

  template <class V>
  static HWY_INLINE V Value(const Mish&, V x) {
    const V c = ClampKeepingNan(x, -200.0F, 200.0F);
    const Decay<V> decay = DecayOf(hn::Abs(c));
    const auto negative = hn::Lt(x, hn::Zero(TagOf<V>()));
    const Quotient<V> left = LeftOf(decay);
    const Quotient<V> right = RightOf(decay);
    const Pair<V> ratio = Over(Select(negative, Times(decay.p, left.numerator), right.numerator),
                               Select(negative, left.denominator, right.denominator));
    const V y = ScaleByPower(RoundedProduct(ratio, c), ScaleWhere(negative, decay));
    const V limit = hn::IfThenElse(hn::Gt(x, Splat<V>(100.0F)), x, y);
    return hn::IfThenElse(hn::Eq(x, hn::Zero(TagOf<V>())), x, limit);
  }

  // With N/D for the tanh: x < 0: e (N D + 4x (1 + e)) / D^2; x >= 0: (N D + 4x e^2 (1 + e)) / D^2.
  template <class V>
  static HWY_INLINE V Derivative(const Mish&, V x) {
    const V c = ClampKeepingNan(x, -200.0F, 200.0F);
    const Decay<V> decay = DecayOf(hn::Abs(c));
    const auto negative = hn::Lt(x, hn::Zero(TagOf<V>()));
    const Pair<V> slope = Times(decay.one_plus, hn::Mul(c, Splat<V>(4.0F)));
    const Quotient<V> left = LeftOf(decay);
    const Quotient<V> right = RightOf(decay);
    const Pair<V> left_sum = Plus(Times(left.numerator, left.denominator), slope);
    const Pair<V> right_sum =
        Plus(Times(right.numerator, right.denominator), Times(Times(decay.e, decay.e), slope));
    const Pair<V> denominator = Select(negative, left.denominator, right.denominator);
    const Pair<V> ratio = Over(Select(negative, Times(decay.p, left_sum), right_sum),
                               Times(denominator, denominator));
    return Round(Scaled<V>{ratio, ScaleWhere(negative, decay)});
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const Mish&, V x) {
    const V c = ClampKeepingNan(x, -200.0F, 200.0F);
    const Decay<V> decay = DecayOf(hn::Abs(c));
    const auto negative = hn::Lt(x, hn::Zero(TagOf<V>()));
    const Quotient<V> left = LeftOf(decay);
    const Quotient<V> right = RightOf(decay);
    const Pair<V> d = Select(negative, left.denominator, right.denominator);
    const Pair<V> square = Times(decay.one_plus, decay.one_plus);
    const V minus_four = Splat<V>(-4.0F);
    // By u = e^x where x < 0, by e = 1/u elsewhere, where D is D(u) e^2.
    const Pair<V> left_inner =
        Plus(Times(Plus(decay.one_plus, decay.e), d), Times(Times(decay.e, square), minus_four));
    const Pair<V> right_inner =
        Plus(Times(Plus(Constant<V>(2.0F), decay.e), d), Times(square, minus_four));
    const Pair<V> inner = Times(Select(negative, left_inner, right_inner), c);
    const Pair<V> first = Times(Times(decay.one_plus, d), Splat<V>(2.0F));
    const Pair<V> sum = Times(Plus(first, inner), Splat<V>(4.0F));
    const Pair<V> scaled =
        Select(negative, Times(decay.p, sum), Times(Times(decay.p, decay.e), sum));
    return Round(Scaled<V>{Over(scaled, Times(Times(d, d), d)), decay.n});
  }
};
