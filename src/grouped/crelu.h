// SPDX-License-Identifier: Apache-2.0
// CReLU.
#include "editor/function_file.h"

template <>
struct GroupedMath<Crelu> {
  static constexpr Facts kFacts = {
      .title = "CReLU",
      .formula = "relu(x), then relu(-x)",
      .derivative = "x > 0 ? 1 : 0, and x < 0 ? -1 : 0",
      .source = "Shang et al. 2016, arXiv:1603.05201",
      .use =
          "Keeps what relu throws away as channels of their own, so that filters need not be "
          "learned in pairs of opposite sign. The layer behind it is twice as wide.",
  };
  static constexpr auto kParameters = std::tuple<>{};
  static constexpr std::string_view kShapes = "y has twice x's length along the axis";
  static Lengths LengthsOf(const Crelu&) { return {.x = 1, .y = 2}; }

  template <class N>
  static HWY_INLINE N First(const N& x) {
    return PositivePart(x);
  }
  template <class N>
  static HWY_INLINE N Second(const N& x) {
    return PositivePart(-x);
  }

  // dx, from the gradients of the two halves.
  template <class N>
  static HWY_INLINE N Backward(const N& x, const N& dfirst, const N& dsecond) {
    return dfirst * OneIfPositive(x) - dsecond * OneIfPositive(-x);
  }
};
