// SPDX-License-Identifier: Apache-2.0
// Bent identity.
#include "editor/function_file.h"

template <>
struct Math<BentIdentity> {
  static constexpr Facts kFacts = {
      .title = "BentIdentity",
      .formula = "(sqrt(x^2 + 1) - 1) / 2 + x",
      .derivative = "x / (2 * sqrt(x^2 + 1)) + 1",
      .source = "Of unknown origin; known from Wikipedia, Activation function",
      .use =
          "A slightly bent line: its slope never vanishes, so no unit can die. It is nearly "
          "linear, hence a weak nonlinearity; seldom used outside of comparisons.",
      .note = "The slope goes from 1/2 at -inf to 3/2 at inf.",
      .from_output = "3s / (4s - 2y - 1) with s = sqrt(y^2 + y + 1): as exact as the output.",
  };
  static constexpr auto kParameters = std::tuple<>{};
  static constexpr bool kPrecise = true;
  static constexpr int kSingleOrders = 0b11;

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const BentIdentity&, const T& x) {
    return (sqrt(x * x + 1) - 1) / 2 + x;
  }

  // 3x/2 - 1/2 + 1/(4x): far out a double has no place for 1/2.
  static int NearestSide(const BentIdentity&, double x) { return x > 0x1p50 ? -1 : 0; }

  template <class N>
  static HWY_INLINE auto Value(const BentIdentity&, const N& x) {
    if constexpr (kIsSingle<N>) return SingleValue(x);
    const N c = Clamp(x, -kFar, kFar);
    // sqrt - 1 would cancel near 0: it is x^2 / (sqrt + 1).
    const auto y = Round(c + 0.5 * c * (c / (RootOf(c) + 1)));
    const auto line = Leading(x) * Select(Leading(x) < 0, 0.5, LaneOf<N>(1.5));
    return Select(Abs(Leading(x)) < kFar, Select(Leading(x) == 0, Leading(x), y), line);
  }

  template <class N>
  static HWY_INLINE auto Derivative(const BentIdentity&, const N& x) {
    if constexpr (kIsSingle<N>) {
      const N c = Max(Min(Abs(x), 0x1p40), 0x1p-40);
      return 1 + 0.5 * WithSign(Over(c, InverseRootOfOnePlusSquare(SinglePairOf(c))), x);
    } else {
      const N c = Clamp(x, -kFar, kFar);
      return 1 + 0.5 * c / RootOf(c);
    }
  }

  template <Order order, std::size_t K>
  static HWY_INLINE Mask<float, K> Near(const BentIdentity&, const Lanes<float, K>& x) {
    if constexpr (order == Order::value) return Abs(x) < kSingleMost;
    return x == x;
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Lanes<float, K> Far(const BentIdentity&, const Lanes<float, K>& x) {
    return x * Select(x < 0, 0.5, Lanes<float, K>(1.5));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const BentIdentity&, const N& x) {
    const N q = 1 / RootOf(Clamp(x, -kFar, kFar));
    return 0.5 * q * q * q;
  }

  template <class N>
  static HWY_INLINE auto DerivativeFromOutput(const BentIdentity&, const N& y) {
    const N c = Clamp(y, -0x1p120, 0x1p120);
    const N s = Sqrt(c * c + c + 1);
    return 3 * s / (4 * s - 2 * c - 1);
  }

 private:
  static constexpr double kFar = 0x1p480;  // beyond, it is a line, and squares would overflow

  template <class N>
  static HWY_INLINE N RootOf(const N& c) {
    return Sqrt(c * c + 1);
  }

  // x + |x| w, w = |x| / (2 (sqrt + 1)).
  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> SingleValue(const Lanes<float, K>& x) {
    using V = Lanes<float, K>;
    const V a = Abs(x);
    const V c = Max(Min(a, 0x1p40), 0x1p-40);
    const auto d = DenominatorOf(Plus(SqrtOf(Plus(SquareOf(c), 1)), 1));
    const V q = 0.5 * c * d.inverse;
    const V q_lo = NegFma(q, d.lo, NegFma(q, d.hi, 0.5 * c)) * d.inverse;
    const V bend = a * q;
    const SinglePair<K> sum = TwoSum(x, bend);
    const V y = sum.hi + (sum.lo + Fma(a, q_lo, FmaSub(a, q, bend)));
    return Select(a < 0x1p-30, x, y);
  }
};
