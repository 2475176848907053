// Squareplus, an algebraic softplus.
//
// Included once per instruction set, inside its namespace: see kernels/activation.cc.in.
template <>
struct Math<Squareplus> {
  static constexpr Facts kFacts = {
      .title = "Squareplus",
      .formula = "(x + sqrt(x^2 + b)) / 2",
      .derivative = "(1 + x / sqrt(x^2 + b)) / 2",
      .source = "Barron 2021, arXiv:2112.11687",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Squareplus::b>{"b", Condition::positive}};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Squareplus& p, const T& x) {
    return (x + sqrt(x * x + p.b)) / 2;
  }

  // sqrt(x^2 + b) for x and b scaled into the range where squares neither overflow nor vanish.
  template <class V>
  struct Root {
    V a;           // |x|, scaled
    V b;           // scaled
    Pair<V> root;  // scaled
    V unscale;
  };

  template <class V>
  static HWY_INLINE Root<V> RootOf(const Squareplus& p, V x) {
    const V magnitude = hn::Abs(x);
    const auto large = hn::Gt(magnitude, Splat<V>(p.b > 0x1p100F ? -1.0F : 0x1p55F));
    const auto small = hn::Lt(magnitude, Splat<V>(p.b < 0x1p-60F ? 0x1p-30F : -1.0F));
    const V one = Splat<V>(1.0F);
    const V down = hn::IfThenElse(large, Splat<V>(0x1p-73F), one);
    const V scale = hn::IfThenElse(small, Splat<V>(0x1p60F), down);
    const V up = hn::IfThenElse(large, Splat<V>(0x1p73F), one);
    const V a = hn::Mul(magnitude, scale);
    const V b = hn::Mul(hn::Mul(Splat<V>(p.b), scale), scale);
    const Pair<V> square = Plus(TwoProduct(a, a), Exactly(b));
    const V root = hn::Sqrt(square.hi);
    const V rest = hn::Add(NegFma(root, root, square.hi), square.lo);
    const V low =
        hn::IfThenElseZero(hn::Gt(root, hn::Zero(TagOf<V>())), hn::Div(rest, hn::Add(root, root)));
    return {a, b, {root, low}, hn::IfThenElse(small, Splat<V>(0x1p-60F), up)};
  }

  template <class V>
  static HWY_INLINE V Value(const Squareplus& p, V x) {
    const Root<V> r = RootOf(p, x);
    const Pair<V> sum = Plus(r.root, Exactly(r.a));
    const V half = Splat<V>(0.5F);
    const V right = hn::Mul(Sum(sum), half);
    const V left = hn::Mul(Sum(Over(Exactly(r.b), sum)), half);  // x + sqrt would cancel
    const V y = hn::Mul(hn::IfThenElse(hn::Lt(x, hn::Zero(TagOf<V>())), left, right), r.unscale);
    return AtInfinity(x, y, x);
  }

  template <class V>
  static HWY_INLINE V Derivative(const Squareplus& p, V x) {
    const Root<V> r = RootOf(p, x);
    const Pair<V> sum = Plus(r.root, Exactly(r.a));
    const V half = Splat<V>(0.5F);
    const V right = hn::Mul(Sum(Over(sum, r.root)), half);
    const V left = hn::Mul(Sum(Over(Over(Exactly(r.b), sum), r.root)), half);
    const V y = hn::IfThenElse(hn::Lt(x, hn::Zero(TagOf<V>())), left, right);
    return AtInfinity(x, y, Splat<V>(1.0F));
  }

  template <class V>
  static HWY_INLINE V SecondDerivative(const Squareplus& p, V x) {
    const Root<V> r = RootOf(p, x);
    const Pair<V> square = Over(Over(Exactly(r.b), r.root), r.root);
    const V y = hn::Mul(hn::Div(Sum(Over(square, r.root)), r.unscale), Splat<V>(0.5F));
    return AtInfinity(x, y, hn::Zero(TagOf<V>()));
  }

  // 0 at -inf, `limit` at +inf, y elsewhere.
  template <class V>
  static HWY_INLINE V AtInfinity(V x, V y, V limit) {
    const V infinity = hn::Inf(TagOf<V>());
    const V left = hn::IfThenElse(hn::Eq(x, hn::Neg(infinity)), hn::Zero(TagOf<V>()), y);
    return hn::IfThenElse(hn::Eq(x, infinity), limit, left);
  }
};
