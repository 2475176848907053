// SPDX-License-Identifier: Apache-2.0
// The Gaussian.
#include "editor/function_file.h"

template <>
struct Math<Gaussian> {
  static constexpr Facts kFacts = {
      .title = "Gaussian",
      .formula = "exp(-x^2)",
      .derivative = "-2x exp(-x^2)",
      .source = "Broomhead & Lowe 1988, radial basis functions",
      .use =
          "A bump: it answers to x near 0 and is nearly 0 far away. For radial basis networks, on "
          "the distance to a centre, and for networks that take coordinates as input. Far from 0 "
          "the gradient vanishes, so a unit that starts far from the data hardly learns.",
  };
  static constexpr auto kParameters = std::tuple<>{};
  static constexpr bool kPrecise = true;
  static constexpr int kSingleOrders = 0b11;
  static constexpr int kHalfOrders = 0b11;

  static constexpr kernels::Exception kNearestExceptions[] = {{0x1.d9f6ecp+0F, 0x1.09e7eap-5F},
                                                              {-0x1.d9f6ecp+0F, 0x1.09e7eap-5F}};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Gaussian&, const T& x) {
    return exp(-(x * x));
  }

  template <class N>
  static HWY_INLINE auto Value(const Gaussian&, const N& x) {
    if constexpr (kIsSingle<N>) {
      return Rounded(SplitSingleExp(MinusSquare(x)));
    } else {
      const N c = Clamp(x, -60, 60);  // 0 beyond
      return ExpDown(-(c * c));
    }
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Gaussian&, const N& x) {
    if constexpr (kIsSingle<N>) {
      const auto e = ExpOfSingle(MinusSquare(x));
      return Fma(-2 * x, e.hi, -2 * x * e.lo);
    } else {
      const N c = Clamp(x, -60, 60);
      return ExpDown(-(c * c)) * (-2 * c);
    }
  }

  template <Order order, std::size_t K>
  static HWY_INLINE Mask<float, K> Near(const Gaussian&, const Lanes<float, K>& x) {
    return Abs(x) < 8.9;  // there the square is less than kCleanReach
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Lanes<float, K> Far(const Gaussian&, const Lanes<float, K>& x) {
    const Lanes<float, K> c = Clamp(x, -12, 12);  // 0 beyond
    const auto factor = order == Order::value ? Lanes<float, K>(1) : -2 * c;
    return FarBelow(SinglePairOf(factor), MinusSquare(c));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Gaussian&, const N& x) {
    const N c = Clamp(x, -60, 60);
    const N square = c * c;
    return ExpDown(-square) * (4 * square - 2);
  }

 private:
  template <std::size_t K>
  static HWY_INLINE SinglePair<K> MinusSquare(const Lanes<float, K>& x) {
    const Lanes<float, K> square = x * x;
    return {-square, -FmaSub(x, x, square)};
  }
};
