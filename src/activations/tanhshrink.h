// SPDX-License-Identifier: Apache-2.0
// Tanhshrink.
#include "editor/function_file.h"

template <>
struct Math<Tanhshrink> {
  static constexpr Facts kFacts = {
      .title = "Tanhshrink",
      .formula = "x - tanh(x)",
      .derivative = "tanh(x)^2",
      .source = "PyTorch, torch.nn.Tanhshrink",
      .use =
          "What tanh leaves of x: small values become nearly 0, like x^3 / 3, and large ones lose "
          "1. It is a smooth shrinkage for sparse codes. Around 0 the gradient vanishes, so small "
          "inputs hardly learn; seldom used.",
  };
  static constexpr auto kParameters = std::tuple<>{};
  static constexpr int kSingleOrders = 0b11;
  static constexpr int kHalfOrders = 0b11;
  static constexpr int kFastOrders = 0b01;

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Tanhshrink&, const T& x) {
    return x - tanh(x);
  }

  // x^3/3 - 2 x^5/15
  static int NearestSide(const Tanhshrink&, double x) {
    return std::abs(x) < 0x1p-24 ? (x < 0) - (x > 0) : 0;
  }

  // x - tanh x cancels: x^3 R(x^2) for 0 <= x < 1.
  template <std::size_t K>
  static HWY_INLINE Lanes<double, K> Near(const Lanes<double, K>& a) {
    const Lanes<double, K> v = a * a;
    return a * v * Polynomial(v, coefficients::kTanhshrinkQuick);
  }
  template <std::size_t K>
  static HWY_INLINE Half<K> Near(const Half<K>& a) {
    const Half<K> v = a * a;
    return a * v * Polynomial(v, coefficients::kTanhshrinkHalf);
  }
  template <std::size_t K>
  static HWY_INLINE Fast<K> Near(const Fast<K>& a) {
    const Fast<K> v = a * a;
    const Fast<K> cube = Fma(a, v, a * FmaSub(a, a, v));
    return cube * Polynomial(v, coefficients::kTanhshrinkFast);
  }
  template <std::size_t K>
  static HWY_INLINE Pair<K> Near(const Pair<K>& a) {
    const Pair<K> v = a * a;
    const Pair<K> third = Constant<Pair<K>>(coefficients::kThird[0], coefficients::kThird[1]);
    const Pair<K> p = Polynomial(v.hi, coefficients::kTanhshrinkPrecise);
    return a * v * (third + v * p);
  }

  template <class N>
  static HWY_INLINE auto Value(const Tanhshrink&, const N& x) {
    if constexpr (kIsSingle<N>) {
      const N a = Abs(x);
      return WithSign(Select(a < 0.75, SingleNear(a), SingleFar(a)), x);
    } else {
      return WideValue(x);
    }
  }

  template <class N>
  static HWY_INLINE auto WideValue(const N& x) {
    const N a = Abs(x);
    const N e = Unscaled(DecayOf(2 * a).e);
    const N far = (a - 1) + 2 * e / (1 + e);
    const auto y = Round(Select(a < 1, Near(a), far));
    return CopySign(Select(a > 0x1p60, Leading(a), y), Leading(x));
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Tanhshrink&, const N& x) {
    if constexpr (kIsSingle<N>) {
      const auto t = TanhOfSingle(Abs(x));
      return Fma(t.hi + t.hi, t.lo, t.hi * t.hi);
    } else {
      const N t = TanhOfMagnitude(Abs(x));
      return t * t;
    }
  }

  template <Order order, std::size_t K>
  static HWY_INLINE Mask<float, K> Near(const Tanhshrink&, const Lanes<float, K>& x) {
    if constexpr (order == Order::value) return Abs(x) < kSingleMost;
    return x == x;
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Lanes<float, K> Far(const Tanhshrink&, const Lanes<float, K>& x) {
    return x;
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Tanhshrink&, const N& x) {
    return CopySign(Round(TanhCurvature(Abs(x))), Leading(x));
  }

 private:
  // For a < 3/4: a^3 R(a^2), with the first term of R as a sum of two. Above, the rounding of the
  // other terms would count. Cubes of small numbers, and what their rounding loses, need a larger
  // scale.
  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> SingleNear(const Lanes<float, K>& magnitude) {
    using V = Lanes<float, K>;
    const V a = Min(magnitude, 0.75);
    const auto small = a < 0x1p-20;
    const V raised = a * Select(small, 0x1p48, V(1));
    const V square = raised * raised;
    const V cube = raised * square;
    const V cube_lo = Fma(raised, FmaSub(raised, raised, square), FmaSub(raised, square, cube));
    const SinglePair<K> third = InSingles<K>(coefficients::kTanhshrinkQuick[0], 0);
    const V v = a * a;
    const V p = Polynomial(v, kLater);
    const V r = Fma(v, p, third.hi);
    const V r_lo = Fma(v, p, third.hi - r) + third.lo;
    return Fma(cube, r, Fma(cube, r_lo, cube_lo * r)) * Select(small, 0x1p-144, V(1));
  }
  // kTanhshrinkQuick without the first.
  static constexpr double kLater[] = {
      coefficients::kTanhshrinkQuick[1], coefficients::kTanhshrinkQuick[2],
      coefficients::kTanhshrinkQuick[3], coefficients::kTanhshrinkQuick[4],
      coefficients::kTanhshrinkQuick[5], coefficients::kTanhshrinkQuick[6],
      coefficients::kTanhshrinkQuick[7], coefficients::kTanhshrinkQuick[8]};

  // (a - 1) + 2 e / (1 + e) for a >= 3/4, e = e^-2a
  template <std::size_t K>
  static HWY_INLINE Lanes<float, K> SingleFar(const Lanes<float, K>& a) {
    using V = Lanes<float, K>;
    const SingleExp<K> parts = SplitSingleExp(-2 * Min(a, kTanhSlopeReach));
    const SinglePair<K> e = SumOf(parts);
    const SingleDenominator<K> d = OnePlus(parts);
    const V q = e.hi * d.inverse;
    const V correction = (NegFma(q, d.lo, NegFma(q, d.hi, e.hi)) + e.lo) * d.inverse;
    const SinglePair<K> y = TwoSum(a - 1, q + q);
    return y.hi + (y.lo + (correction + correction));
  }
};
