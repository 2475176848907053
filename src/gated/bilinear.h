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
          "A gate without a nonlinearity of its own: the product of two linear maps. It is said to "
          "do better than plain relu in transformers. Nothing bounds the product.",
  };
  static constexpr auto kParameters = std::tuple<>{};
};
