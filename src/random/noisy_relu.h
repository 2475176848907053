// NReLU.
//
// Included once per instruction set, inside its namespace: see random/kernels/.
template <>
struct RandomMath<NoisyRelu> {
  static constexpr Facts kFacts = {
      .title = "NReLU",
      .formula = "max(0, x + n * sqrt(sigmoid(x))), n standard normal for each element",
      .derivative = "1 where the noisy x is positive, else 0; the noise counts as a constant",
      .source = "Nair & Hinton 2010, ICML",
      .use =
          "A ReLU whose noise makes it the sum of many binary units: for restricted Boltzmann"
          " machines. In evaluation it is relu.",
  };
  static constexpr auto kParameters = std::tuple<>{};
};
