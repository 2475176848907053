// Hardtanh: clamps to an interval.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<Hardtanh> {
  static constexpr Facts kFacts = {
      .title = "Hardtanh",
      .formula = "min(max(x, min_val), max_val)",
      .derivative = "min_val < x < max_val ? 1 : 0",
      .source = "Collobert 2004, Large Scale Machine Learning",
  };
  static std::string_view Conflict(const Hardtanh& p) {
    return p.max_val > p.min_val ? "" : "max_val must exceed min_val";
  }
  static constexpr auto kParameters =
      std::tuple{Parameter<&Hardtanh::min_val>{"min_val", Condition::finite},
                 Parameter<&Hardtanh::max_val>{"max_val", Condition::finite}};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Hardtanh& p, const T& x) {
    return x <= p.min_val ? T(p.min_val) : x >= p.max_val ? T(p.max_val) : x;
  }

  template <class V>
  static HWY_INLINE V Value(const Hardtanh& p, V x) {
    const V low = Splat<V>(p.min_val);
    const V high = Splat<V>(p.max_val);
    return hn::IfThenElse(hn::Gt(x, high), high, hn::IfThenElse(hn::Lt(x, low), low, x));
  }

  template <class V>
  static HWY_INLINE V Derivative(const Hardtanh& p, V x) {
    const auto inside = hn::And(hn::Gt(x, Splat<V>(p.min_val)), hn::Lt(x, Splat<V>(p.max_val)));
    return hn::IfThenElseZero(inside, Splat<V>(1.0F));
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const Hardtanh&, V) {
    return hn::Zero(TagOf<V>());
  }
};
