// Dropout.
//
// Included once per instruction set, inside its namespace: see random/kernels/.
template <>
struct RandomMath<Dropout> {
  static constexpr Facts kFacts = {
      .title = "Dropout",
      .formula = "0 with probability p, else x / (1 - p)",
      .derivative = "0 where x was dropped, else 1 / (1 - p)",
      .source = "Hinton et al. 2012, arXiv:1207.0580",
      .use =
          "Sets random elements to 0 while training, so that no unit relies on another: the "
          "classic cure for over-fitting. In evaluation it is the identity. After selu use "
          "alpha_dropout.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Dropout::p>{"p", Condition::probability}};
};
