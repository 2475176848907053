// SPDX-License-Identifier: Apache-2.0
// Rootsig, a sigmoid by a square root.
#include "editor/function_file.h"

template <>
struct Math<Rootsig> {
  static constexpr Facts kFacts = {
      .title = "Rootsig",
      .formula = "u / (1 + sqrt(1 + u^2)), u = slope * x",
      .derivative = "slope / (r * (1 + r)), r = sqrt(1 + u^2)",
      .source = "Duch & Jankowski 1999, Neural Computing Surveys 2",
      .use =
          "A sigmoid from -1 to 1 by one square root, where an exponential is expensive. Its "
          "gradient falls as 1/x^2, far slower than that of tanh, but it vanishes too.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Rootsig::slope>{"slope", Condition::positive}};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Rootsig& p, const T& x) {
    const T u = p.slope * x;
    return u / (1 + sqrt(1 + u * u));
  }

  template <class N>
  static HWY_INLINE auto Value(const Rootsig& p, const N& x) {
    const Root<N> at = RootOf(p, x);
    // Sums of pairs lose the sign of 0.
    return CopySign(Round(at.u / (1 + at.r)), Leading(x));
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Rootsig& p, const N& x) {
    const N r = RootOf(p, x).r;
    return p.slope / r / (1 + r);  // r^2 might overflow
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Rootsig& p, const N& x) {
    const Root<N> at = RootOf(p, x);
    const N factor = (at.u / at.r) * (1 + at.r / (1 + at.r));
    return -Derivative(p, x) * (p.slope / at.r) * factor;
  }

 private:
  // u and r of the formulas, both finite.
  template <class N>
  struct Root {
    N u, r;
  };

  template <class N>
  static HWY_INLINE Root<N> RootOf(const Rootsig& p, const N& x) {
    constexpr double kMost = std::numeric_limits<double>::max();
    constexpr double kFar = 0x1p300;  // beyond, u^2 might overflow, and r is |u|
    const N u = Clamp(p.slope * x, -kMost, kMost);
    const N near = Clamp(u, -kFar, kFar);
    return {u, Select(Abs(u) > kFar, Abs(u), Sqrt(1 + near * near))};
  }
};
