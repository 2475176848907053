// LogSoftmax.
//
// Included once per instruction set, inside its namespace: see rows/kernels/.
template <>
struct RowMath<LogSoftmax> {
  static constexpr Facts kFacts = {
      .title = "LogSoftmax",
      .formula = "z_i - log(sum_j exp(z_j)), z = x / temperature",
      .derivative = "dy_i/dx_j = ((i == j) - exp(y_j)) / temperature",
      .source = "Bridle 1990, Neurocomputing: 227-236",
      .use =
          "The logarithms of softmax, computed without taking the logarithm of a rounded "
          "number. Use it before a cross entropy; softmax and a logarithm lose the small "
          "probabilities.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&LogSoftmax::temperature>{"temperature", Condition::positive}};
};
