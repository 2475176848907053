// SPDX-License-Identifier: Apache-2.0
// SwiGLU with limits.
#include "editor/function_file.h"

template <>
struct GateMath<LimitedSwiglu> : PlainGate {
  static constexpr Facts kFacts = {
      .title = "SwiGLU with limits",
      .formula = "silu(g) * l, g = min(a, limit), l = min(max(b, -limit), limit)",
      .derivative =
          "dy/da = f'(a) * l where a <= limit, dy/db = f(g) where |b| <= limit; else 0; "
          "f = silu",
      .source = "DeepSeek 2026, DeepSeek-V4; vLLM's SiluAndMulWithClamp",
      .use =
          "A SwiGLU whose operands are limited, so that no product leaves the range of low "
          "precision. An operand beyond its limit gets no gradient.",
      .note = "Unlike clamped_swiglu it adds nothing to b; swiglu_step limits silu(a), not a.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&LimitedSwiglu::limit>{"limit", Condition::positive_or_infinite}};

  static Silu GateFunction(const LimitedSwiglu&) { return {}; }
  static Limits LimitsOf(const LimitedSwiglu& p) {
    return {.a = p.limit, .value = {}, .b = p.limit, .added = 0};
  }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const LimitedSwiglu& p, const T& a, const T& b) {
    const T g = AtMost(a, T(p.limit));
    return g / (1 + exp(-g)) * Within(b, T(p.limit));
  }
};
