// Bilinear.
//
// Included once per instruction set, inside its namespace: see gated/kernels/.
template <>
struct GateMath<Bilinear> : PackedShape {
  static constexpr Facts kFacts = {
      .title = "Bilinear",
      .formula = "a * b",
      .derivative = "dy/da = b, dy/db = a",
      .source = "Shazeer 2020, arXiv:2002.05202",
      .use =
          "A gate without a nonlinearity of its own: the product of two linear maps. It "
          "trains well in transformers, but nothing bounds it.",
  };
  static constexpr auto kParameters = std::tuple<>{};
};
