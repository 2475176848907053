// SPDX-License-Identifier: Apache-2.0
// RReLU.
#include "editor/function_file.h"

template <>
struct RandomMath<Rrelu> {
  static constexpr Facts kFacts = {
      .title = "RReLU",
      .formula = "x > 0 ? x : r * x, r drawn from [lower, upper) for each element",
      .derivative = "x > 0 ? 1 : r",
      .source = "Xu et al. 2015, arXiv:1505.00853",
      .use =
          "Leaky ReLU with a random slope while training, which is meant to reduce over-fitting on "
          "small data sets. In evaluation it is leaky_relu with the mean slope. It has nothing to "
          "offer where a network does not over-fit.",
      .note =
          "In the Kaggle contest that it won, a came from U(3, 8) and the slope was 1/a: "
          "PyTorch's bounds are those reciprocals. lower must not exceed upper.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Rrelu::lower>{"lower", Condition::finite},
                 Parameter<&Rrelu::upper>{"upper", Condition::finite}};
  static std::string_view Conflict(const Rrelu& p) {
    return p.lower <= p.upper ? "" : "lower must not exceed upper";
  }

  static Activation Evaluated(const Rrelu& p) { return LeakyRelu{(p.lower + p.upper) / 2}; }

  // The definition, for the tests. `drawn` is the element's random word.
  template <class T>
  static T Reference(const Rrelu& p, const T& x, const T& drawn) {
    const T r = p.lower + (T(p.upper) - T(p.lower)) * drawn * T(0x1p-32);
    return x > 0 ? x : r * x;
  }

  static constexpr Draw kDraw = Draw::word;

  // r = min(lower + width u, max), u from [0, 1). The minimum keeps rounding from reaching `upper`.
  struct Constants {
    double lower, width, max;
  };

  // `single`: whether the bounds are rounded to float32.
  static Constants ConstantsOf(const Rrelu& p, bool single) {
    const double lower = single ? static_cast<double>(static_cast<float>(p.lower)) : p.lower;
    const double upper = single ? static_cast<double>(static_cast<float>(p.upper)) : p.upper;
    return {.lower = lower,
            .width = upper - lower,
            .max = lower < upper ? std::nextafter(upper, lower) : upper};
  }

  template <class T>
  static HWY_INLINE V Value(const Constants& c, const V& word, const V& x) {
    const V r = Slope(c, word);
    return KeepNan(x, Select(x > 0, x, Select(r == 0, V(0), r * x)));  // 0 * -inf is NaN
  }

  template <class T>
  static HWY_INLINE V Gradient(const Constants& c, const V& word, const V& x, const V& dy) {
    return dy * KeepNan(x, Select(x > 0, V(1), Slope(c, word)));
  }

 private:
  static HWY_INLINE V Slope(const Constants& c, const V& word) {
    return Min(Fma(word * 0x1p-32, V(c.width), V(c.lower)), V(c.max));
  }
};
