// SPDX-License-Identifier: Apache-2.0
// The inverse of softplus: what softplus takes to a given positive number.
#include "editor/function_file.h"

template <>
struct Math<SoftplusInverse> {
  static constexpr Facts kFacts = {
      .title = "SoftplusInverse",
      .formula = "log(exp(beta * x) - 1) / beta",
      .derivative = "1 / (1 - exp(-beta * x))",
      .source = "TensorFlow Probability, tfp.math.softplus_inverse",
      .use =
          "Undoes softplus: for the raw number behind a positive parameter, such as a scale, "
          "that training should start at a chosen value. It is not an activation for hidden "
          "layers: there is nothing for x < 0.",
      .note =
          "Defined for x >= 0, with -inf at 0; NaN below 0. It initialises parameters that a "
          "softplus keeps positive. tfp.math.softplus_inverse has beta = 1; "
          "tfp.bijectors.Softplus calls 1 / beta hinge_softness. beta must be between 2^-100 and "
          "2^100.",
  };
  static std::string_view Conflict(const SoftplusInverse& p) {
    const bool fits = p.beta >= 0x1p-100F && p.beta <= 0x1p100F;
    return fits ? "" : "beta must be between 2^-100 and 2^100";
  }
  static constexpr auto kParameters =
      std::tuple{Parameter<&SoftplusInverse::beta>{"beta", Condition::positive}};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const SoftplusInverse& p, const T& x) {
    return log(expm1(p.beta * x)) / p.beta;
  }

  template <class N>
  static HWY_INLINE auto Value(const SoftplusInverse& p, const N& x) {
    const Parts<N> parts = PartsOf(p, x);
    const N log_two = Constant<N>(coefficients::kLogTwo[0], coefficients::kLogTwo[1]);
    // About the root at log 2 / beta: log(1 + 2 (e^t - 1)); elsewhere z + log(1 - e^-z).
    const N t = FromLogTwo(p, x, parts.z);
    const N near = Log1pOf(2 * Expm1Down(Clamp(t, -0.15, 0.15)));
    const N log = LogOf(parts.gap) - parts.n * log_two;
    const N far = Select(parts.n > 0, log, parts.z + log);
    const auto by_root = And(Abs(Leading(t)) < 0.15, parts.n == 0);
    const auto y = Round(Select(by_root, near, far) / p.beta);
    return AtEnds(x, -kInfinity, Select(Leading(x) * p.beta > 800, Leading(x), y));
  }

  template <class N>
  static HWY_INLINE auto Derivative(const SoftplusInverse& p, const N& x) {
    const Parts<N> parts = PartsOf(p, x);
    return AtEnds(x, kInfinity, Round(TimesTwoTo(1 / parts.gap, parts.n)));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const SoftplusInverse& p, const N& x) {
    const Parts<N> parts = PartsOf(p, x);
    const Scaled<N> e = Select(parts.n > 0, Scaled<N>(1), ExpDown(-parts.z));
    const Scaled<N> y = e * TimesTwoTo(-p.beta / (parts.gap * parts.gap), 2 * parts.n);
    // Before 0 its square underflows.
    return AtEnds(x, -kInfinity, Select(Leading(x) < 0x1p-700, -kInfinity, Round(y)));
  }

 private:
  static constexpr double kInfinity = std::numeric_limits<double>::infinity();

  // beta x = z 2^-n and 1 - e^-z, where n is 0, or 500 for tiny numbers: there that is z 2^-n too.
  template <class N>
  struct Parts {
    N z, gap;
    LaneOf<N> n;
  };

  template <std::size_t K>
  static HWY_INLINE Parts<Lanes<double, K>> PartsOf(const SoftplusInverse& p,
                                                    const Lanes<double, K>& x) {
    const Lanes<double, K> z = x * p.beta;
    return {z, -Expm1Down(-z), 0};
  }
  template <std::size_t K>
  static HWY_INLINE Parts<Pair<K>> PartsOf(const SoftplusInverse& p, const Pair<K>& x) {
    using V = Lanes<double, K>;
    const auto tiny = x.hi < 0x1p-300;
    const V unit = Select(tiny, V(0x1p500), V(1));
    const Pair<K> z = Pair<K>(x.hi * unit, x.lo * unit) * p.beta;
    return {z, Select(tiny, z, -Expm1Down(-z)), SelectOrZero(tiny, V(500))};
  }

  // beta x - log 2, which cancels about the root: the product must be exact, and log 2 more exact
  // than the result.
  template <std::size_t K>
  static HWY_INLINE Lanes<double, K> FromLogTwo(const SoftplusInverse& p, const Lanes<double, K>& x,
                                                const Lanes<double, K>& /*z*/) {
    return Fma(x, p.beta, -coefficients::kLogTwo[0]) - coefficients::kLogTwo[1];
  }
  template <std::size_t K>
  static HWY_INLINE Pair<K> FromLogTwo(const SoftplusInverse& /*p*/, const Pair<K>& /*x*/,
                                       const Pair<K>& z) {
    constexpr double kLogTwoRest = 0x1.7b57a079a1934p-111;
    const Lanes<double, K> top = z.hi - coefficients::kLogTwo[0];  // exact about the root
    const Pair<K> low = Pair<K>::Sum(z.lo, -coefficients::kLogTwo[1]);
    return Pair<K>::Sum(top, low.hi) + Pair<K>(low.lo - kLogTwoRest);
  }

  template <std::size_t K>
  static HWY_INLINE Lanes<double, K> TimesTwoTo(const Lanes<double, K>& y,
                                                const Lanes<double, K>& /*n*/) {
    return y;
  }
  template <std::size_t K>
  static HWY_INLINE ScaledPair<K> TimesTwoTo(const Pair<K>& y, const Lanes<double, K>& n) {
    return {y, n};
  }

  // y, but `at_zero` at 0, and NaN below.
  template <class N>
  static HWY_INLINE LaneOf<N> AtEnds(const N& x, double at_zero, const LaneOf<N>& y) {
    const LaneOf<N> nan = std::numeric_limits<double>::quiet_NaN();
    return Select(Leading(x) < 0, nan, Select(Leading(x) == 0, at_zero, y));
  }
};
