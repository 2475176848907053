// RReLU.
//
// Included once per instruction set, inside its namespace: see random/kernels/.
template <>
struct RandomMath<Rrelu> {
  static constexpr Facts kFacts = {
      .title = "RReLU",
      .formula = "x > 0 ? x : r * x, r drawn from [lower, upper) for each element",
      .derivative = "x > 0 ? 1 : r",
      .source = "Xu et al. 2015, arXiv:1505.00853",
      .use =
          "Leaky ReLU with a random slope while training, which is meant to reduce over-"
          "fitting on small data sets. In evaluation it is leaky_relu with the mean slope.",
      .note =
          "In the Kaggle contest that it won, a came from U(3, 8) and the slope was 1/a: "
          "PyTorch's bounds are those reciprocals.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Rrelu::lower>{"lower", Condition::finite},
                 Parameter<&Rrelu::upper>{"upper", Condition::finite}};
  static std::string_view Conflict(const Rrelu& p) {
    return p.lower <= p.upper ? "" : "lower must not exceed upper";
  }
};
