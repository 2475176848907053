// SPDX-License-Identifier: Apache-2.0
// Gated.
#include "editor/function_file.h"

template <>
struct GateMath<Gated> : PlainGate {
  static constexpr Facts kFacts = {
      .title = "Gated",
      .formula = "f(a) * b for any elementwise f",
      .derivative = "dy/da = f'(a) * b, dy/db = f(a)",
      .source = "Shazeer 2020, arXiv:2002.05202",
      .use =
          "A gate made of any activation of the list: gated(mish), gated(relu_squared). For trying "
          "a new gate without writing one. Models that were trained with one of the named gates "
          "need that one.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Gated::gate>{"gate", Condition::function}};
  static constexpr Gated kExample{Mish{}};

  static Activation GateFunction(const Gated& p) { return p.gate; }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Gated& p, const T& a, const T& b) {
    return reference(p.gate, a) * b;
  }
};
