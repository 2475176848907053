// Hardmax.
//
// Included once per instruction set, inside its namespace: see rows/kernels/.
template <>
struct RowMath<Hardmax> {
  static constexpr Facts kFacts = {
      .title = "Hardmax",
      .formula = "1 for the first of the largest entries, 0 for the others",
      .derivative = "0",
      .source = "ONNX: Hardmax",
      .use =
          "The decision itself, one-hot. Its derivative is 0 everywhere, so nothing before it"
          " learns: for evaluation, or with softmax's gradient in its place.",
  };
  static constexpr auto kParameters = std::tuple<>{};
};
