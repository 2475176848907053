// SPDX-License-Identifier: Apache-2.0
// Quick GELU: the logistic stands in for the normal distribution.
#include "editor/function_file.h"

template <>
struct Math<QuickGelu> {
  static constexpr Facts kFacts = {
      .title = "QuickGELU",
      .formula = "x / (1 + exp(-1.702 x))",
      .derivative = "s + 1.702 x s (1 - s), s = 1 / (1 + exp(-1.702 x))",
      .source = "Hendrycks & Gimpel 2016, arXiv:1606.08415; Hugging Face, quick_gelu",
      .use =
          "A gelu by one sigmoid, cheaper than the exact form: the activation of CLIP. Use it for "
          "models that were trained with it. For others it is no replacement: it differs from gelu "
          "by up to 0.02.",
      .note = "Differs from gelu by at most 0.0204. 1.702 is the nearest float32.",
  };
  static constexpr auto kParameters = std::tuple<>{};
  static constexpr bool kPrecise = true;
  static constexpr int kSingleOrders = 0b11;
  static constexpr int kHalfOrders = 0b01;
  static constexpr int kFastOrders = 0b01;

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const QuickGelu&, const T& x) {
    return x / (1 + exp(-(T::Single(1.702) * x)));
  }

  static int NearestSide(const QuickGelu&, double x) { return SideOfHalf(x); }
  // In float64, with the constant that float32 reads.
  struct DecidedBy {
    template <class N>
    static HWY_INLINE auto Value(const QuickGelu&, const N& x) {
      return TimesLogistic(x, x * static_cast<double>(1.702F));
    }
  };

  // 1.702 as the type of the array reads it.
  template <class N>
  static constexpr double Factor() {
    return kIsPair<N> ? 1.702 : static_cast<double>(1.702F);
  }

  template <class P, class N>
  static HWY_INLINE auto Value(const P& p, const N& x) {
    if constexpr (kIsSingle<N>) {
      return SwishValue<false>(p, x);
    } else if constexpr (kIsFast<N>) {
      const auto z = SwishArgument<false>(p, Plain(x));
      return x / (1 + ExpOf(decltype(z){-z.hi, -z.lo}));
    } else {
      return TimesLogistic(x, x * Factor<N>());
    }
  }

  template <class P, class N>
  static HWY_INLINE auto Derivative(const P& p, const N& x) {
    if constexpr (kIsSingle<N>) {
      return SwishDerivative<false>(p, x);
    } else {
      return SwishSlope(x * Factor<N>());
    }
  }

  template <Order order>
  static constexpr SwishForm ForSingle(const QuickGelu&) {
    return SwishFormOf(order == Order::value ? kSwishRange : kSwishSlopeRange, 1.702F);
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Mask<float, K> Near(const SwishForm& p, const Lanes<float, K>& x) {
    return SwishNear<false>(p, x);
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Mask<float, K> NearHalf(const QuickGelu&, const Lanes<float, K>& x) {
    return SwishNearHalf(1.702F, x);
  }
  template <Order order, std::size_t K>
  static HWY_INLINE Lanes<float, K> Far(const SwishForm& p, const Lanes<float, K>& x) {
    if constexpr (order == Order::value) return FarSwishValue(p, x);
    return FarSwishDerivative(p, x);
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const QuickGelu&, const N& x) {
    return SwishCurvature(x * Factor<N>(), Factor<N>());
  }
};
