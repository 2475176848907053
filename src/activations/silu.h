// SPDX-License-Identifier: Apache-2.0
// SiLU, the sigmoid-weighted linear unit; also called swish.
#include "editor/function_file.h"

template <>
struct Math<Silu> {
  static constexpr Facts kFacts = {
      .title = "SiLU",
      .formula = "x / (1 + exp(-x))",
      .derivative = "s + x * s * (1 - s), s = 1 / (1 + exp(-x))",
      .source =
          "Elfwing, Uchibe & Doya 2017, arXiv:1702.03118; Ramachandran, Zoph & Le 2017, "
          "arXiv:1710.05941",
      .use =
          "A smooth relu: near x for large x, near 0 for very negative x, with a small dip between "
          "them. The activation of EfficientNet, and the gate inside swiglu in many language "
          "models. It costs an exponential, and far below 0 the gradient vanishes.",
  };
  static constexpr auto kParameters = std::tuple<>{};
  static constexpr bool kPrecise = true;
  static constexpr int kSingleOrders = 0b11;
  static constexpr int kHalfOrders = 0b01;
  static constexpr int kFastOrders = 0b01;

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Silu&, const T& x) {
    return x / (1 + exp(-x));
  }

  static int NearestSide(const Silu&, double x) { return SideOfHalf(x); }

  template <class P, class N>
  static HWY_INLINE auto Value(const P& p, const N& x) {
    if constexpr (kIsSingle<N>) {
      return SwishValue<false>(p, x);
    } else {
      return TimesLogistic(x, x);
    }
  }

  template <class P, class N>
  static HWY_INLINE auto Derivative(const P& p, const N& x) {
    if constexpr (kIsSingle<N>) {
      return SwishDerivative<false>(p, x);
    } else {
      return SwishSlope(x);
    }
  }

  template <Order order>
  static constexpr SwishForm ForSingle(const Silu&) {
    return SwishFormOf(order == Order::value ? kSwishRange : kSwishSlopeRange, 1);
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Mask<float, K> Near(const SwishForm& p, const Lanes<float, K>& x) {
    return SwishNear<false>(p, x);
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Mask<float, K> NearHalf(const Silu&, const Lanes<float, K>& x) {
    return SwishNearHalf(1, x);
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Lanes<float, K> Far(const SwishForm& p, const Lanes<float, K>& x) {
    if constexpr (order == Order::value) return FarSwishValue(p, x);
    return FarSwishDerivative(p, x);
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Silu&, const N& x) {
    return SwishCurvature(x, 1);
  }
};
