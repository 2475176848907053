// SPDX-License-Identifier: Apache-2.0
// ReGLU.
#include "editor/function_file.h"

template <>
struct GateMath<Reglu> : PlainGate {
  static constexpr Facts kFacts = {
      .title = "ReGLU",
      .formula = "relu(a) * b",
      .derivative = "dy/da = f'(a) * b, dy/db = f(a), f = relu",
      .source = "Shazeer 2020, arXiv:2002.05202",
      .use =
          "A gate that closes completely: sparse, and the cheapest of the family. Where a <= "
          "0 neither operand gets a gradient.",
  };
  static constexpr auto kParameters = std::tuple<>{};

  static Relu GateFunction(const Reglu&) { return {}; }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Reglu&, const T& a, const T& b) {
    return (a > T(0) ? a : T(0)) * b;
  }
};
