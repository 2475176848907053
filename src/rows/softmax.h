// SPDX-License-Identifier: Apache-2.0
// Softmax.
#include "editor/function_file.h"

template <>
struct RowMath<Softmax> {
  static constexpr Facts kFacts = {
      .title = "Softmax",
      .formula = "exp(z_i) / sum_j exp(z_j), z = x / temperature",
      .derivative = "dy_i/dx_j = y_i * ((i == j) - y_j) / temperature",
      .source = "Bridle 1990, Neurocomputing: 227-236",
      .use =
          "Turns scores into probabilities that sum to 1: the last layer of a classifier, and the "
          "weights of attention. A high temperature makes them even, a low one picks the largest. "
          "Train with log_softmax: the logarithm of a small probability loses nothing there. "
          "Entries far below the largest get hardly any gradient.",
      .note =
          "PyTorch, JAX and ONNX have no temperature: divide x by it there. A row without any"
          " entry (all masked, or all -inf) gives zeros here, NaN in PyTorch.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Softmax::temperature>{"temperature", Condition::positive}};

  template <class T>
  static std::vector<T> Reference(const Softmax& p, const std::vector<T>& x) {
    return rows::softmax_of(rows::distances(x, T(p.temperature)));
  }

  template <class T>
  static void Forward(const Softmax& p, const T* x, T* y, std::size_t n, Stores stores) {
    SoftmaxForward(ScaleOf(p), x, y, n, stores);
  }

  template <class T>
  static void Backward(const Softmax& p, const T* y, const T* dy, T* dx, std::size_t n,
                       Stores stores) {
    SoftmaxBackward(ScaleOf(p), y, dy, dx, n, stores);
  }

  static void DoubleBackward(const Softmax& p, const rows::DoubleBackward& arrays, std::size_t n) {
    DoubleByMean({1, Denominator::one, ScaleOf(p).factor()}, arrays, n);
  }

 private:
  static Scale ScaleOf(const Softmax& p) { return {1, p.temperature}; }
};
