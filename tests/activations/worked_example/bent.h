// Bent identity.
//
// Included once per instruction set, inside its namespace: see activations/activation.cc.in.
template <>
struct Math<Bent> {
  static constexpr Facts kFacts = {
      .title = "BentIdentity",
      .formula = "x + (sqrt(x^2 + bend^2) - bend) / 2",
      .derivative = "1 + x / (2 sqrt(x^2 + bend^2))",
      .source = "Where it was published",
      .use = "Never stops learning: its slope is at least 1/2. It is nearly linear, though.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Bent::bend>{"bend", Condition::positive}};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Bent& p, const T& x) {
    return x + (sqrt(x * x + T(p.bend) * p.bend) - p.bend) / 2;
  }

  template <class N>
  static HWY_INLINE auto Value(const Bent& p, const N& x) {
    const N c = Clamp(x, -kFar, kFar);
    // sqrt - bend would cancel near 0: it is x^2 / (sqrt + bend).
    const auto y = Round(c + 0.5 * c * (c / (RootOf(p, c) + p.bend)));
    const auto line = Leading(x) * Select(Leading(x) < 0, 0.5, LaneOf<N>(1.5));
    return Select(Abs(Leading(x)) < kFar, Select(Leading(x) == 0, Leading(x), y), line);
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Bent& p, const N& x) {
    const N c = Clamp(x, -kFar, kFar);
    return 1 + 0.5 * c / RootOf(p, c);
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Bent& p, const N& x) {
    const N root = RootOf(p, Clamp(x, -kFar, kFar));
    const N ratio = p.bend / root;
    return 0.5 * ratio * ratio / root;
  }

 private:
  static constexpr double kFar = 0x1p480;  // beyond, it is a line, and squares would overflow

  template <class N>
  static HWY_INLINE N RootOf(const Bent& p, const N& c) {
    return Sqrt(c * c + N(p.bend) * p.bend);
  }
};
