// SPDX-License-Identifier: Apache-2.0
// Bilinear.
#include "editor/function_file.h"

template <>
struct GateMath<Bilinear> : PlainGate {
  static constexpr Facts kFacts = {
      .title = "Bilinear",
      .formula = "a * b",
      .derivative = "dy/da = b, dy/db = a",
      .source = "Shazeer 2020, arXiv:2002.05202",
      .use =
          "A gate without a nonlinearity of its own: the product of two linear maps. It is said to "
          "do better than plain relu in transformers. Nothing bounds the product.",
  };
  static constexpr auto kParameters = std::tuple<>{};

  static Identity GateFunction(const Bilinear&) { return {}; }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Bilinear&, const T& a, const T& b) {
    return a * b;
  }
};
