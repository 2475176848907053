// SPDX-License-Identifier: Apache-2.0
// SwiGLU-step.
#include "editor/function_file.h"

template <>
struct GateMath<SwigluStep> : PlainGate {
  static constexpr Facts kFacts = {
      .title = "SwiGLU-step",
      .formula = "min(silu(a), limit) * min(max(b, -limit), limit)",
      .derivative =
          "dy/da = f'(a) * l where f(a) <= limit, dy/db = min(f(a), limit) where |b| <= limit; "
          "else 0; f = silu, l = min(max(b, -limit), limit)",
      .source = "StepFun, Step-3.5; vLLM's SwigluStepAndMul",
      .use =
          "A SwiGLU whose two factors are limited, so that no product is beyond limit^2. Unlike "
          "clamped_swiglu it limits silu(a), not a, and adds nothing to b. A factor beyond its "
          "limit gets no gradient.",
      .note =
          "vLLM's default limit is 7, but Step-3.5 sets one for each layer. At the limits "
          "themselves the gradient passes; PyTorch's clamp gives 0 there.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&SwigluStep::limit>{"limit", Condition::positive_or_infinite}};

  static Silu GateFunction(const SwigluStep&) { return {}; }
  static Limits LimitsOf(const SwigluStep& p) {
    return {.a = {}, .value = p.limit, .b = p.limit, .added = 0};
  }

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const SwigluStep& p, const T& a, const T& b) {
    return AtMost(T(a / (1 + exp(-a))), T(p.limit)) * Within(b, T(p.limit));
  }
};
