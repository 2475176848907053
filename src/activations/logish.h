// SPDX-License-Identifier: Apache-2.0
// Logish.
#include "editor/function_file.h"

template <>
struct Math<Logish> {
  static constexpr Facts kFacts = {
      .title = "Logish",
      .formula = "x * log(1 + s), s = 1 / (1 + exp(-x))",
      .derivative = "log(1 + s) + x * s * (1 - s) / (1 + s)",
      .source = "Zhu, Zeng, Liu & Zhang 2021, Neurocomputing 458, doi:10.1016/j.neucom.2021.06.067",
      .use =
          "Swish with log(1 + sigmoid(x)) in place of the sigmoid: smooth, not monotone, and "
          "flatter than silu for x > 0, where its slope goes to log 2. Its paper reports small "
          "gains in image networks; few models use it.",
      .note =
          "The paper's variant alpha * x * log(1 + sigmoid(beta * x)), with alpha = 1 and beta = "
          "10, is logish(10 x) / 10. For large x it is x log 2, not x.",
  };
  static constexpr auto kParameters = std::tuple<>{};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Logish&, const T& x) {
    return x * log1p(1 / (1 + exp(-x)));
  }

  static constexpr double kTail = -60;  // below, log(1 + s) is e^x

  // By e = e^-|x|: log(1 + s), and the slope of that without its factor e.
  template <class N>
  struct Parts {
    Decay<N> decay;
    N log;
    N inverse_slope;
  };

  template <class N>
  static HWY_INLINE Parts<N> PartsOf(const N& x) {
    const Decay<N> decay = DecayOf(Abs(x));
    const N s = Select(x < 0, decay.unscaled, N(1)) / decay.one_plus;
    const N factor = Select(x < 0, 1 + 2 * decay.unscaled, 2 + decay.unscaled);
    return {decay, Log1pOf(s), decay.one_plus * factor};
  }

  template <class N>
  static HWY_INLINE auto Value(const Logish&, const N& x) {
    const N c = Clamp(x, -1600, 1600);
    const Parts<N> parts = PartsOf(x);
    const auto y = Round(Select(x < kTail, parts.decay.e, Scaled<N>(parts.log)) * c);
    const auto line = RoundedProduct(coefficients::kLogTwo[0], coefficients::kLogTwo[1], x);
    return Select(Or(Leading(x) > 100, Leading(x) == 0), line, y);
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Logish&, const N& x) {
    const N c = Clamp(x, -1600, 1600);
    const Parts<N> parts = PartsOf(x);
    const N y = parts.log + c * parts.decay.unscaled / parts.inverse_slope;
    return Select(x < kTail, parts.decay.e * (1 + c), Scaled<N>(y));
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Logish&, const N& x) {
    const N c = Clamp(x, -1600, 1600);
    const Parts<N> parts = PartsOf(x);
    const N e = parts.decay.unscaled;
    const N coefficient = Select(x < 0, 1 - 2 * e * e, e * e - 2);
    const N sum = 2 * parts.inverse_slope + c * coefficient;
    return parts.decay.e * sum / (parts.inverse_slope * parts.inverse_slope);
  }
};
