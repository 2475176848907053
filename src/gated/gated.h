// Gated.
//
// Included once per instruction set, inside its namespace: see gated/kernels/.
template <>
struct GateMath<Gated> : PackedShape {
  static constexpr Facts kFacts = {
      .title = "Gated",
      .formula = "f(a) * b for any elementwise f",
      .derivative = "dy/da = f'(a) * b, dy/db = f(a)",
      .source = "Shazeer 2020, arXiv:2002.05202",
      .use =
          "A gate made of any activation of the list: gated(mish), gated(relu_squared). For "
          "trying a new gate without writing one.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Gated::gate>{"gate", Condition::function}};
  static inline const Gated kExample{Mish{}};
};
