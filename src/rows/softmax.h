// Softmax.
//
// Included once per instruction set, inside its namespace: see rows/kernels/.
template <>
struct RowMath<Softmax> {
  static constexpr Facts kFacts = {
      .title = "Softmax",
      .formula = "exp(z_i) / sum_j exp(z_j), z = x / temperature",
      .derivative = "dy_i/dx_j = y_i * ((i == j) - y_j) / temperature",
      .source = "Bridle 1990, Neurocomputing: 227-236",
      .use =
          "Turns scores into probabilities that sum to 1: the last layer of a classifier, and"
          " the weights of attention. A high temperature makes them even, a low one picks the"
          " largest. Train with log_softmax: the logarithm of a small probability loses "
          "nothing there.",
      .note =
          "PyTorch, JAX and ONNX have no temperature: divide x by it there. A row without any"
          " entry (all masked, or all -inf) gives zeros here, NaN in PyTorch.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Softmax::temperature>{"temperature", Condition::positive}};
};
