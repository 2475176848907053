// SPDX-License-Identifier: Apache-2.0
// GLU.
#include "editor/function_file.h"

template <>
struct GateMath<Glu> : PlainGate {
  static constexpr Facts kFacts = {
      .title = "GLU",
      .formula = "a * sigmoid(b)",
      .derivative = "dy/da = sigmoid(b), dy/db = a * sigmoid'(b)",
      .source = "Dauphin et al. 2016, arXiv:1612.08083",
      .use =
          "The first gated linear unit: one half of the features decides how much of the "
          "other passes. It needs twice the weights of a plain activation for the same width.",
      .note = "The second half is the gate, as in PyTorch; all other gates here have it first.",
  };
  static constexpr auto kParameters = std::tuple<>{};

  static constexpr bool kSecondIsGate = true;
  static Sigmoid GateFunction(const Glu&) { return {}; }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Glu&, const T& a, const T& b) {
    return a / (1 + exp(-b));
  }
};
