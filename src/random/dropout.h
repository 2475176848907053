// SPDX-License-Identifier: Apache-2.0
// Dropout.
#include "editor/function_file.h"

template <>
struct RandomMath<Dropout> : Dropping {
  static constexpr Facts kFacts = {
      .title = "Dropout",
      .formula = "0 with probability p, else x / (1 - p)",
      .derivative = "0 where x was dropped, else 1 / (1 - p)",
      .source = "Hinton et al. 2012, arXiv:1207.0580",
      .use =
          "Sets random elements to 0 while training, so that no unit relies on another: the "
          "classic cure for over-fitting. In evaluation it is the identity. After selu use "
          "alpha_dropout. Where a network does not over-fit it only slows learning down.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Dropout::p>{"p", Condition::probability}};

  static Activation Evaluated(const Dropout& /*p*/) { return Identity{}; }

  // The definition, for the tests. `drawn` is the element's random word.
  template <class T>
  static T Reference(const Dropout& p, const T& x, const T& drawn) {
    return drawn < std::floor(p.p * 0x1p32 + 0.5) ? T(0) : x / (1 - T(p.p));
  }

  using Formulas = Dropping;

  // 1 / (1 - p) as the sum of two doubles of the same sign: with opposite signs, an infinite x
  // would give NaN.
  static Drop ConstantsOf(const Dropout& p, bool /*single*/) {
    const double threshold = DropThreshold(p.p);
    if (p.p == 1) return {.threshold = threshold};
    const double kept = 1 - p.p;
    const double kept_rest = (1 - kept) - p.p;
    double scale = 1 / kept;
    double rest = std::fma(-scale, kept_rest, std::fma(-scale, kept, 1)) / kept;
    if (rest < 0) {
      const double below = std::nextafter(scale, 0);
      rest += scale - below;
      scale = below;
    }
    return {.threshold = threshold, .scale = scale, .scale_rest = std::max(rest, scale * kNoCarry)};
  }
};
