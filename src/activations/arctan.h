// SPDX-License-Identifier: Apache-2.0
// The inverse tangent.
#include "editor/function_file.h"

template <>
struct Math<Arctan> {
  static constexpr Facts kFacts = {
      .title = "Arctan",
      .formula = "atan(x)",
      .derivative = "1 / (1 + x^2)",
      .source = "Classical; a bounded nonlinearity with heavier tails than tanh",
      .use =
          "Squeezes x into (-pi/2, pi/2), with tails that flatten far more slowly than tanh's, so "
          "that some gradient is left for large |x|. Seldom used as a hidden layer today.",
  };
  static constexpr auto kParameters = std::tuple<>{};
  static constexpr bool kPrecise = true;
  static constexpr int kSingleOrders = 0b11;
  static constexpr int kHalfOrders = 0b11;
  static constexpr int kFastOrders = 0b11;

  static constexpr kernels::Exception kNearestExceptions[] = {{0x1.1ad646p-4F, 0x1.1a6386p-4F},
                                                              {-0x1.1ad646p-4F, -0x1.1a6386p-4F}};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Arctan&, const T& x) {
    return atan(x);
  }

  // For 0 <= z <= 1.
  template <std::size_t K>
  static HWY_INLINE Lanes<double, K> AtanOf(const Lanes<double, K>& z) {
    return z * Polynomial(z * z, coefficients::kAtanQuick);
  }
  template <std::size_t K>
  static HWY_INLINE Half<K> AtanOf(const Half<K>& z) {
    return z * Polynomial(z * z, coefficients::kAtanHalf);
  }
  template <std::size_t K>
  static HWY_INLINE Fast<K> AtanOf(const Fast<K>& z) {
    return z * Polynomial(z * z, coefficients::kAtanFast);
  }
  template <std::size_t K>
  static HWY_INLINE Precise<K> AtanOf(const Precise<K>& z) {
    const Precise<K> v = z * z;
    return Fma(z * v, Polynomial(v, coefficients::kAtanPrecise), z);
  }
  template <std::size_t K>
  static HWY_INLINE Pair<K> AtanOf(const Pair<K>& z) {
    const Pair<K> v = z * z;
    return z + z * v * Pair<K>(Polynomial(v.hi, coefficients::kAtanPrecise));
  }

  template <class N>
  static constexpr double kMost = kIsHalf<N> || kIsFast<N> ? 0x1p100 : 0x1p1000;

  template <class N>
  static HWY_INLINE N SlopeOf(const N& magnitude) {
    const N a = Clamp(magnitude, 0, 0x1p1000);
    const N near = Clamp(a, 0, 0x1p300);
    const N inverse = 1 / a;
    return Select(a > 0x1p300, inverse * inverse, 1 / (1 + near * near));
  }

  template <class N>
  static HWY_INLINE auto Value(const Arctan&, const N& x) {
    if constexpr (kIsSingle<N>) {
      return WithSign(AtanOfSingle(Min(Abs(x), kSingleMost)), x);
    } else {
      const N a = Clamp(Abs(x), 0, kMost<N>);
      const N z = Select(a > 1, 1 / a, a);
      const N near = AtanOf(z);
      const N quarter = Constant<N>(coefficients::kQuarterTurn[0], coefficients::kQuarterTurn[1]);
      return CopySign(Round(Select(a > 1, quarter - near, near)), Leading(x));
    }
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Arctan&, const N& x) {
    if constexpr (kIsSingle<N>) {
      const N square = x * x;
      auto sum = OnePlus(square);
      sum.lo = sum.lo + FmaSub(x, x, square);
      return Reciprocal(DenominatorOf(sum));
    } else if constexpr (kIsHalf<N>) {
      return 1 / (1 + x * x);
    } else {
      return SlopeOf(Abs(x));
    }
  }

  template <Order order, std::size_t K>
  static HWY_INLINE Mask<float, K> Near(const Arctan&, const Lanes<float, K>& x) {
    if constexpr (order == Order::value) return x == x;
    return Abs(x) < 0x1p60;
  }
  // Beyond, the derivative is 1 / x^2.
  template <Order order, std::size_t K>
  static HWY_INLINE Lanes<float, K> Far(const Arctan&, const Lanes<float, K>& x) {
    const Lanes<float, K> a = Min(Abs(x), 0x1p100);
    const Lanes<float, K> inverse = 1 / a;
    const Lanes<float, K> square = inverse * inverse;
    return Fma(square, 2 * NegFma(inverse, a, 1), square);
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Arctan&, const N& x) {
    const N a = Clamp(Abs(x), 0, 0x1p1000);
    const N slope = SlopeOf(a);
    return CopySign(Round(-2 * (a * slope) * slope), Leading(-x));
  }
};
