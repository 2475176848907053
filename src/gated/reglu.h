// ReGLU.
//
// Included once per instruction set, inside its namespace: see gated/kernels/.
template <>
struct GateMath<Reglu> : PackedShape {
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
};
