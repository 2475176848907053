// Softmin.
//
// Included once per instruction set, inside its namespace: see rows/kernels/.
template <>
struct RowMath<Softmin> {
  static constexpr Facts kFacts = {
      .title = "Softmin",
      .formula = "softmax(-x)",
      .derivative = "dy_i/dx_j = -y_i * ((i == j) - y_j) / temperature",
      .source = "PyTorch: torch.nn.Softmin",
      .use =
          "Gives the smallest entries the largest probabilities: for distances and costs, "
          "where less is better. Train with log_softmax of -x.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Softmin::temperature>{"temperature", Condition::positive}};
};
