// SwiGLU.
//
// Included once per instruction set, inside its namespace: see gated/kernels/.
template <>
struct GateMath<Swiglu> : PackedShape {
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
          "ONNX 28 calls beta alpha. LLaMA packs the halves as gate, up; vLLM's silu_and_mul "
          "too; mul_and_silu has them the other way round.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Swiglu::beta>{"beta", Condition::finite}};
};
