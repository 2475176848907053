// SPDX-License-Identifier: Apache-2.0
// Squareplus, an algebraic softplus.
#include "editor/function_file.h"

template <>
struct Math<Squareplus> {
  static constexpr Facts kFacts = {
      .title = "Squareplus",
      .formula = "(x + sqrt(x^2 + b)) / 2",
      .derivative = "(1 + x / sqrt(x^2 + b)) / 2",
      .source = "Barron 2021, arXiv:2112.11687",
      .use =
          "A smooth relu by one square root: much like softplus, and cheaper where exp is "
          "expensive. b sets how wide the bend is; towards b = 0 it becomes relu. It is always "
          "positive, and far below 0 its gradient falls only as 1/x^2.",
      .from_output = "y^2 / (y^2 + b/4): as exact as the output.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Squareplus::b>{"b", Condition::positive}};
  static constexpr bool kPrecise = true;
  static constexpr int kSingleOrders = 0b11;
  static bool SingleFits(const Squareplus& p) { return p.b >= 0x1p-60 && p.b <= 0x1p60; }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Squareplus& p, const T& x) {
    return (x + sqrt(x * x + p.b)) / 2;
  }

  struct Form {
    float b;
  };
  template <Order order>
  static Form ForSingle(const Squareplus& p) {
    return {static_cast<float>(p.b)};
  }

  template <std::size_t K>
  static HWY_INLINE SinglePair<K> RootOf(const Form& p, const Lanes<float, K>& a) {
    return SqrtOf(Plus(SquareOf(Max(a, 0x1p-60)), p.b));
  }
  // By the root for |x|.
  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> ValueBy(const SinglePair<K>& root, const Form& p,
                                            const Lanes<float, K>& x) {
    const SinglePair<K> sum = SumOfPositive(root.hi, Abs(x));
    const auto d = DenominatorOf(SinglePair<K>{sum.hi, sum.lo + root.lo});
    return Select(x < 0, Over(Lanes<float, K>(0.5 * p.b), d), 0.5 * (d.hi + d.lo));
  }
  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> Value(const Form& p, const Lanes<float, K>& x) {
    return ValueBy(RootOf(p, Abs(x)), p, x);
  }
  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> Derivative(const Form& p, const Lanes<float, K>& x) {
    const SinglePair<K> root = RootOf(p, Abs(x));
    return Over(ValueBy(root, p, x), DenominatorOf(root));
  }

  template <Order order, std::size_t K>
  static HWY_INLINE Mask<float, K> Near(const Form&, const Lanes<float, K>& x) {
    return Abs(x) < 0x1p60;
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Lanes<float, K> Far(const Form& p, const Lanes<float, K>& x) {
    using V = Lanes<float, K>;
    const V left = V(0.25 * p.b) / Abs(x);
    if constexpr (order == Order::value) return Select(x > 0, x, left);
    return Select(x > 0, 1, left / Abs(x));
  }

  // sqrt(x^2 + b), and half of its sum with |x|. x + sqrt would cancel for x < 0: there it is
  // b / (|x| + sqrt).
  template <class N>
  struct Root {
    N root, half_sum;
  };

  template <class N>
  static HWY_INLINE Root<N> RootOf(const Squareplus& p, const N& x) {
    const N a = Clamp(Abs(x), 0, std::numeric_limits<double>::max());
    const N near = Clamp(a, 0, 0x1p300);  // beyond, b is nothing beside x^2
    const N root = Select(a > 0x1p300, a, Sqrt(near * near + p.b));
    return {root, 0.5 * root + 0.5 * a};
  }

  template <class N>
  static HWY_INLINE auto Value(const Squareplus& p, const N& x) {
    const Root<N> r = RootOf(p, x);
    const auto y = Round(Select(Leading(x) < 0, 0.25 * p.b / r.half_sum, r.half_sum));
    const auto finite = Leading(x) >= -std::numeric_limits<double>::max();
    return Select(Leading(x) > 0x1p300, Leading(x), SelectOrZero(finite, y));
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Squareplus& p, const N& x) {
    const Root<N> r = RootOf(p, x);
    return Select(Leading(x) < 0, 0.25 * p.b / r.half_sum, r.half_sum) / r.root;
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Squareplus& p, const N& x) {
    const Root<N> r = RootOf(p, x);
    return 0.5 * p.b / r.root / r.root / r.root;
  }

  template <class N>
  static HWY_INLINE auto DerivativeFromOutput(const Squareplus& p, const N& y) {
    const N c = Clamp(y, 0, 0x1p400);
    const N square = c * c;
    return square / (square + 0.25 * p.b);
  }
};
