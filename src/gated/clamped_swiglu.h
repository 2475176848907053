// SPDX-License-Identifier: Apache-2.0
// Clamped SwiGLU.
#include "editor/function_file.h"

template <>
struct GateMath<ClampedSwiglu> : PlainGate {
  static constexpr Facts kFacts = {
      .title = "Clamped SwiGLU",
      .formula =
          "g * sigmoid(alpha * g) * (l + 1), g = min(a, limit), l = min(max(b, -limit), "
          "limit)",
      .derivative =
          "dy/da = f'(g) * (l + 1) where a <= limit, dy/db = f(g) where |b| <= limit; else 0",
      .source = "OpenAI 2025, gpt-oss, arXiv:2508.10925",
      .use =
          "The gate of gpt-oss: limits keep activations in the range of low precision, and l + 1 "
          "lets the gate's own value pass where b is 0. An operand beyond its limit gets no "
          "gradient.",
      .note =
          "gpt-oss and vLLM's swigluoai_and_mul interleave the operands: a0 b0 a1 b1. ONNX 28's "
          "SwiGLU has neither limits nor l + 1: it is swiglu. At the limits themselves the "
          "gradient "
          "passes; PyTorch's clamp gives 0 there.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&ClampedSwiglu::alpha>{"alpha", Condition::finite},
                 Parameter<&ClampedSwiglu::limit>{"limit", Condition::positive_or_infinite}};

  static auto GateFunction(const ClampedSwiglu& p) { return SwishOf(p.alpha); }
  static Limits LimitsOf(const ClampedSwiglu& p) {
    return {.a = p.limit, .value = {}, .b = p.limit, .added = 1};
  }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const ClampedSwiglu& p, const T& a, const T& b) {
    const T g = AtMost(a, T(p.limit));
    return g / (1 + exp(-(p.alpha * g))) * (Within(b, T(p.limit)) + 1);
  }
};
