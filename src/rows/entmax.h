// Entmax.
//
// Included once per instruction set, inside its namespace: see rows/kernels/.
template <>
struct RowMath<Entmax> {
  static constexpr Facts kFacts = {
      .title = "Entmax",
      .formula =
          "max(0, (alpha - 1) * x_i - tau)^(1 / (alpha - 1)), tau such that the row sums to 1",
      .derivative =
          "dy_i/dx_j = s_i * ((i == j) - s_j / sum(s)), s = y^(2 - alpha) where y > 0, else 0",
      .source = "Peters, Niculae & Martins 2019, arXiv:1905.05702",
      .use =
          "Between softmax (alpha = 1) and sparsemax (alpha = 2): some probabilities are "
          "exactly 0, and the curve stays smooth for alpha < 2. 1.5 is the usual choice for "
          "sparse attention. It costs more than softmax.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Entmax::alpha>{"alpha", Condition::at_least_one}};
};
