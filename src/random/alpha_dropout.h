// AlphaDropout.
//
// Included once per instruction set, inside its namespace: see random/kernels/.
template <>
struct RandomMath<AlphaDropout> {
  static constexpr Facts kFacts = {
      .title = "AlphaDropout",
      .formula =
          "a * (x or, with probability p, alpha') + b, alpha' = -1.7580993408473766, a = ((1 "
          "- p) * (1 + p * alpha'^2))^(-1/2), b = -a * p * alpha'",
      .derivative = "0 where x was dropped, else a",
      .source = "Klambauer et al. 2017, arXiv:1706.02515",
      .use =
          "Dropout that keeps mean 0 and variance 1, which self-normalizing networks of selu "
          "need. In evaluation it is the identity.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&AlphaDropout::p>{"p", Condition::probability}};
};
