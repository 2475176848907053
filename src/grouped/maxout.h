// SPDX-License-Identifier: Apache-2.0
// Maxout.
#include "editor/function_file.h"

template <>
struct GroupedMath<Maxout> {
  static constexpr Facts kFacts = {
      .title = "Maxout",
      .formula = "the largest of each `group` neighbours",
      .derivative = "1 for the first of the largest, 0 for the others",
      .source = "Goodfellow et al. 2013, arXiv:1302.4389",
      .use =
          "Learns a convex piecewise linear activation as the largest of several linear maps."
          " It needs `group` times the weights of relu.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Maxout::group>{"group", Condition::whole}};
  static constexpr std::string_view kShapes = "x has `group` times y's length along the axis";
  static Lengths LengthsOf(const Maxout& p) {
    return {.x = static_cast<std::size_t>(p.group), .y = 1};
  }

  // Compares member k of a group with the largest so far. Of equal members the first counts; a NaN
  // stays, because nothing is larger.
  template <class N>
  static HWY_INLINE void Compare(const N& x, const N& k, N& largest, N& index) {
    const auto larger = x > largest;
    largest = ResultOf(x, Select(larger, x, largest));
    index = Select(larger, k, index);
  }

  // dx of member k.
  template <class N>
  static HWY_INLINE N Backward(const N& largest, const N& index, const N& k, const N& dy) {
    return ResultOf(largest, SelectOrZero(index == k, dy));
  }
};
