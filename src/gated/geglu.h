// SPDX-License-Identifier: Apache-2.0
// GEGLU.
#include "editor/function_file.h"

template <>
struct GateMath<Geglu> : PlainGate {
  static constexpr Facts kFacts = {
      .title = "GEGLU",
      .formula = "gelu(a) * b",
      .derivative = "dy/da = f'(a) * b, dy/db = f(a), f = gelu",
      .source = "Shazeer 2020, arXiv:2002.05202",
      .use =
          "The gate of T5 1.1 and Gemma. Like swiglu in quality; it costs a little more. As with "
          "every gate, the layer before it gives twice the features.",
      .note =
          "Gemma and T5 1.1 use the tanh form; Hugging Face's GEGLU of diffusers uses the "
          "exact one with the gate second.",
  };
  static constexpr std::string_view kForms[] = {"none", "tanh"};
  static constexpr auto kParameters =
      std::tuple{Parameter<&Geglu::approximate>{"approximate", Condition::choice, kForms}};

  static Gelu GateFunction(const Geglu& p) { return {p.approximate}; }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Geglu& p, const T& a, const T& b) {
    return reference(Gelu{p.approximate}, a) * b;
  }
};
