// Laplace, the squashing function of MEGA: a normal distribution.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<Laplace> {
  static constexpr Facts kFacts = {
      .title = "Laplace",
      .formula = "(1 + erf((x - mu) / (sigma sqrt(2)))) / 2",
      .derivative = "exp(-((x - mu) / sigma)^2 / 2) / (sigma sqrt(2 pi))",
      .source = "Ma et al. 2022 (MEGA), arXiv:2209.10655",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Laplace::mu>{"mu", Condition::finite},
                 Parameter<&Laplace::sigma>{"sigma", Condition::positive}};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Laplace& p, const T& x) {
    return erfc((p.mu - x) / (p.sigma * sqrt(T(2)))) / 2;
  }

  // (x - mu) / sigma
  template <class V>
  static HWY_INLINE Pair<V> Standardized(const Laplace& p, V x) {
    const V far = Splat<V>(0x1p60F);
    const V c = ClampKeepingNan(x, -0x1p60F, 0x1p60F);
    const Pair<V> t = Over(TwoSum(c, Splat<V>(-p.mu)), Constant<V>(p.sigma));
    return Select(hn::Gt(hn::Abs(x), far), Exactly(x), t);
  }

  template <class V>
  static HWY_INLINE V Value(const Laplace& p, V x) {
    const Pair<V> t = Standardized(p, x);
    const GaussTail<V> tail = GaussTailOf(Magnitude(t));
    const V low = Round(Scaled<V>{Times(tail.p, tail.g), tail.n});
    return hn::IfThenElse(hn::Lt(t.hi, hn::Zero(TagOf<V>())), low, hn::Sub(Splat<V>(1.0F), low));
  }

  template <class V>
  static HWY_INLINE V Derivative(const Laplace& p, V x) {
    const Pair<V> t = Standardized(p, x);
    const GaussTail<V> tail = GaussTailOf(Magnitude(t));
    const Pair<V> peak = Over(Constant<V>(0x1.988452p-2F, 0x1.3d4366p-26F), Constant<V>(p.sigma));
    const V slope = Round(Scaled<V>{Times(tail.p, peak), tail.n});
    return hn::IfThenElseZero(hn::Lt(hn::Abs(t.hi), Splat<V>(14.7F)), slope);
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const Laplace& p, V x) {
    const Pair<V> t = Standardized(p, x);
    const GaussTail<V> tail = GaussTailOf(Magnitude(t));
    const Pair<V> sigma = Constant<V>(p.sigma);
    const Pair<V> peak = Over(Over(Constant<V>(0x1.988452p-2F, 0x1.3d4366p-26F), sigma), sigma);
    const V bend = Round(Scaled<V>{Times(Times(tail.p, peak), Negate(t)), tail.n});
    return hn::IfThenElseZero(hn::Lt(hn::Abs(t.hi), Splat<V>(14.7F)), bend);
  }
};
