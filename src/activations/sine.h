// SPDX-License-Identifier: Apache-2.0
// The sine.
#include "editor/function_file.h"

template <>
struct Math<Sine> {
  static constexpr Facts kFacts = {
      .title = "Sine",
      .formula = "sin(omega * x)",
      .derivative = "omega * cos(omega * x)",
      .source = "Sitzmann et al. 2020 (SIREN), arXiv:2006.09661; there omega is 30",
      .use =
          "For networks that represent an image, a sound or a shape as a function of coordinates "
          "(SIREN): it gives fine detail, and its derivatives are sines again. It needs SIREN's "
          "initialization and a fitting omega. Elsewhere it is seldom right: it gives many x the "
          "same output.",
      .note = "Exact for arguments of any size. An infinite x has no limit: NaN.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Sine::omega>{"omega", Condition::finite}};
  static constexpr bool kPrecise = true;
  static constexpr int kSingleOrders = 0b11;
  static constexpr int kHalfOrders = 0b01;
  static bool SingleFits(const Sine& p) { return std::abs(p.omega) >= 0x1p-60; }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Sine& p, const T& x) {
    return sin(p.omega * x);
  }

  // z - z^3/6 for z = omega x
  static int NearestSide(const Sine& p, double x) {
    const double z = p.omega * x;
    return std::abs(z) < 0x1p-27 ? (z < 0) - (z > 0) : 0;
  }

  template <class N>
  static HWY_INLINE auto Value(const Sine& p, const N& x) {
    if constexpr (kIsSingle<N>) {
      return SineOfSingle<false>(x, p.omega);
    } else if constexpr (kIsHalf<N>) {
      return N(Value(p, Plain(x)));
    } else {
      if (p.omega == 0) return LaneOf<N>(0);
      const auto y = Round(SinCosOf<N>(AngleOf(x, p.omega)).sin);
      return Select(Leading(x) == 0, p.omega * Leading(x), y);
    }
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Sine& p, const N& x) {
    if constexpr (kIsSingle<N>) {
      return p.omega * SineOfSingle<true>(x, p.omega);
    } else {
      if (p.omega == 0) return N(0);
      return SinCosOf<N>(AngleOf(x, p.omega)).cos * p.omega;
    }
  }

  template <Order order, std::size_t K>
  static HWY_INLINE Mask<float, K> Near(const Sine&, const Lanes<float, K>& x) {
    return Abs(x) <= std::numeric_limits<float>::max();
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Sine& p, const N& x) {
    if (p.omega == 0) return N(0);
    return SinCosOf<N>(AngleOf(x, p.omega)).sin * (-p.omega * p.omega);
  }
};
