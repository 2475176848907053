// SPDX-License-Identifier: Apache-2.0
// NReLU.
#include "editor/function_file.h"

template <>
struct RandomMath<NoisyRelu> {
  static constexpr Facts kFacts = {
      .title = "NReLU",
      .formula = "max(0, x + n * sqrt(sigmoid(x))), n standard normal for each element",
      .derivative = "1 where the noisy x is positive, else 0; the noise counts as a constant",
      .source = "Nair & Hinton 2010, ICML",
      .use =
          "A ReLU whose noise makes it the sum of many binary units: for restricted Boltzmann "
          "machines. In evaluation it is relu. Elsewhere it is seldom used.",
  };
  static constexpr auto kParameters = std::tuple<>{};

  static Activation Evaluated(const NoisyRelu& /*p*/) { return Relu{}; }

  // The definition, for the tests. `drawn` is a standard normal number.
  template <class T>
  static T Reference(const NoisyRelu& /*p*/, const T& x, const T& drawn) {
    const T sum = x + drawn / std::sqrt(1 + std::exp(-x));
    return sum > 0 ? sum : T(0);
  }

  static constexpr Draw kDraw = Draw::normal;

  template <class T>
  static HWY_INLINE V Value(NoisyRelu /*p*/, const V& normal, const V& x) {
    const V y = Noisy(normal, x);
    return KeepNan(x, SelectOrZero(y > 0, y));
  }

  template <class T>
  static HWY_INLINE V Gradient(NoisyRelu /*p*/, const V& normal, const V& x, const V& dy) {
    return dy * KeepNan(x, SelectOrZero(Noisy(normal, x) > 0, V(1)));
  }

 private:
  static HWY_INLINE V Noisy(const V& normal, const V& x) {
    return Fma(normal, Sqrt(Logistic(x)), x);
  }
};
