// ReLU capped at 6.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<Relu6> {
  static constexpr Facts kFacts = {
      .title = "ReLU6",
      .formula = "min(max(x, 0), 6)",
      .derivative = "0 < x < 6 ? 1 : 0",
      .source = "Krizhevsky 2010, Convolutional Deep Belief Networks on CIFAR-10",
  };
  static constexpr auto kParameters = std::tuple<>{};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Relu6&, const T& x) {
    return x <= 0 ? T(0) : x >= 6 ? T(6) : x;
  }

  template <class V>
  static HWY_INLINE V Value(const Relu6&, V x) {
    const V six = Splat<V>(6.0F);
    const V rectified = hn::IfThenElseZero(hn::Gt(x, hn::Zero(TagOf<V>())), x);
    return hn::IfThenElse(hn::Gt(x, six), six, rectified);
  }

  template <class V>
  static HWY_INLINE V Derivative(const Relu6&, V x) {
    const auto inside = hn::And(hn::Gt(x, hn::Zero(TagOf<V>())), hn::Lt(x, Splat<V>(6.0F)));
    return hn::IfThenElseZero(inside, Splat<V>(1.0F));
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const Relu6&, V) {
    return hn::Zero(TagOf<V>());
  }
};
