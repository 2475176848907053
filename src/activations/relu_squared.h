// Squared ReLU.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<ReluSquared> {
  static constexpr Facts kFacts = {
      .title = "ReLUSquared",
      .formula = "max(x, 0)^2",
      .derivative = "x > 0 ? 2x : 0",
      .source = "So et al. 2021 (Primer), arXiv:2109.08668",
  };
  static constexpr auto kParameters = std::tuple<>{};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const ReluSquared&, const T& x) {
    return x > 0 ? x * x : T(0);
  }

  template <class V>
  static HWY_INLINE V Value(const ReluSquared&, V x) {
    return hn::IfThenElseZero(hn::Gt(x, hn::Zero(TagOf<V>())), hn::Mul(x, x));
  }

  template <class V>
  static HWY_INLINE V Derivative(const ReluSquared&, V x) {
    return hn::IfThenElseZero(hn::Gt(x, hn::Zero(TagOf<V>())), hn::Add(x, x));
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const ReluSquared&, V x) {
    return hn::IfThenElseZero(hn::Gt(x, hn::Zero(TagOf<V>())), Splat<V>(2.0F));
  }
};
