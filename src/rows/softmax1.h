// SPDX-License-Identifier: Apache-2.0
// Softmax with a sink.
#include "editor/function_file.h"

template <>
struct RowMath<Softmax1> {
  static constexpr Facts kFacts = {
      .title = "Softmax1",
      .formula = "exp(x_i) / (exp(sink) + sum_j exp(x_j))",
      .derivative = "dy_i/dx_j = y_i * ((i == j) - y_j)",
      .source = "Miller 2023, Attention Is Off By One",
      .use =
          "For attention: a head that finds nothing to attend to gives weights near 0 instead of "
          "weights that must sum to 1, so no token has to serve as a dump. It needs weights that "
          "were trained with it; a learned sink a head, as in gpt-oss, is the usual form.",
      .note =
          "sink = 0 is off_by_one of TransformerEngine; its learnable type and gpt-oss have a sink "
          "for each head. The sink's own probability is 1 - sum(y).",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Softmax1::sink>{"sink", Condition::finite}};

  template <class T>
  static std::vector<T> Reference(const Softmax1& p, std::vector<T> x) {
    x.push_back(T(p.sink));
    std::vector<T> y = rows::softmax_of(x);
    y.pop_back();
    return y;
  }

  template <class T>
  static void Forward(const Softmax1& p, const T* x, T* y, std::size_t n, Stores stores) {
    Softmax1Forward(p.sink, x, y, n, stores);
  }

  template <class T>
  static void Backward(const Softmax1& /*p*/, const T* y, const T* dy, T* dx, std::size_t n,
                       Stores stores) {
    if constexpr (sizeof(T) == 4) {
      if (TemperedSoftmaxBackward(1, y, dy, dx, n, stores)) return;
    }
    BackwardByMean({1, Denominator::one_with_sink}, y, dy, dx, n);
  }

  static void DoubleBackward(const Softmax1& /*p*/, const rows::DoubleBackward& arrays,
                             std::size_t n) {
    DoubleByMean({1, Denominator::one_with_sink}, arrays, n);
  }

  static double SinkGradient(double sink, const double* x, const double* dy, std::size_t n) {
    return Softmax1BySink(sink, x, dy, n);
  }
};
