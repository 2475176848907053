// SPDX-License-Identifier: Apache-2.0
// SwiGLU.
#include "editor/function_file.h"

template <>
struct GateMath<Swiglu> : PlainGate {
  static constexpr Facts kFacts = {
      .title = "SwiGLU",
      .formula = "a * sigmoid(beta * a) * b",
      .derivative = "dy/da = f'(a) * b, dy/db = f(a), f = swish",
      .source = "Shazeer 2020, arXiv:2002.05202",
      .use =
          "The gate of LLaMA and of many language models after it. A feed-forward layer with it "
          "usually gets two thirds of the width, so that the number of weights is that of a layer "
          "without a gate.",
      .note =
          "ONNX 28's SwiGLU(A, B) is swiglu with beta = alpha, a = A, b = B: it has no packed "
          "form, "
          "and rounds a * sigmoid(alpha * a) to the type of A before the product, also in 16 bits. "
          "LLaMA packs the halves as gate, up; vLLM's silu_and_mul too; mul_and_silu has them the "
          "other way round.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Swiglu::beta>{"beta", Condition::finite}};

  static auto GateFunction(const Swiglu& p) { return SwishOf(p.beta); }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Swiglu& p, const T& a, const T& b) {
    return a / (1 + exp(-(p.beta * a))) * b;
  }
};
