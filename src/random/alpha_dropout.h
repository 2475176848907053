// SPDX-License-Identifier: Apache-2.0
// AlphaDropout.
#include "editor/function_file.h"

template <>
struct RandomMath<AlphaDropout> : Dropping {
  static constexpr Facts kFacts = {
      .title = "AlphaDropout",
      .formula =
          "a * (x or, with probability p, alpha') + b, alpha' = -1.7580993408473766, a = ((1 "
          "- p) * (1 + p * alpha'^2))^(-1/2), b = -a * p * alpha'",
      .derivative = "0 where x was dropped, else a",
      .source = "Klambauer et al. 2017, arXiv:1706.02515",
      .use =
          "Dropout that keeps mean 0 and variance 1, which self-normalizing networks of selu need. "
          "In evaluation it is the identity. Its constants are those of selu: behind other "
          "functions use dropout.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&AlphaDropout::p>{"p", Condition::probability}};

  static Activation Evaluated(const AlphaDropout& /*p*/) { return Identity{}; }

  // The definition, for the tests. `drawn` is the element's random word.
  template <class T>
  static T Reference(const AlphaDropout& p, const T& x, const T& drawn) {
    if (p.p == 1) return T(0);  // the limit for p -> 1
    const T alpha = kAlpha, q = p.p;
    const T a = 1 / std::sqrt((1 - q) * (1 + q * alpha * alpha));
    return a * (drawn < std::floor(p.p * 0x1p32 + 0.5) ? alpha : x) - a * q * alpha;
  }

  using Formulas = Dropping;

  static Drop ConstantsOf(const AlphaDropout& p, bool /*single*/) {
    const double threshold = DropThreshold(p.p);
    if (p.p == 0) return {.threshold = threshold, .scale = 1, .scale_rest = kNoCarry};
    if (p.p == 1) return {.threshold = threshold};  // the limit for p -> 1: 0 everywhere
    const double scale = 1 / std::sqrt((1 - p.p) * (1 + p.p * (kAlpha * kAlpha)));
    const double shift = -scale * p.p * kAlpha;
    return {.threshold = threshold,
            .scale = scale,
            .scale_rest = scale * kNoCarry,
            .shift = shift,
            .dropped = std::fma(scale, kAlpha, shift)};
  }

 private:
  static constexpr double kAlpha = -1.7580993408473766;  // selu's limit at -infinity
};
