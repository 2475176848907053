// SPDX-License-Identifier: Apache-2.0
// Softmin.
#include "editor/function_file.h"

template <>
struct RowMath<Softmin> {
  static constexpr Facts kFacts = {
      .title = "Softmin",
      .formula = "softmax(-x)",
      .derivative = "dy_i/dx_j = -y_i * ((i == j) - y_j) / temperature",
      .source = "PyTorch: torch.nn.Softmin",
      .use =
          "Gives the smallest entries the largest probabilities: for distances and costs, where "
          "less is better. Train with log_softmax of -x. Entries far above the smallest get next "
          "to nothing, and hardly any gradient.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Softmin::temperature>{"temperature", Condition::positive}};

  static constexpr double kExcluded = kInfinity;

  template <class T>
  static std::vector<T> Reference(const Softmin& p, const std::vector<T>& x) {
    return rows::softmax_of(rows::distances(x, T(-p.temperature)));
  }

  template <class T>
  static void Forward(const Softmin& p, const T* x, T* y, std::size_t n, Stores stores) {
    SoftmaxForward(ScaleOf(p), x, y, n, stores);
  }

  template <class T>
  static void Backward(const Softmin& p, const T* y, const T* dy, T* dx, std::size_t n,
                       Stores stores) {
    SoftmaxBackward(ScaleOf(p), y, dy, dx, n, stores);
  }

  static void DoubleBackward(const Softmin& p, const rows::DoubleBackward& arrays, std::size_t n) {
    DoubleByMean({1, Denominator::one, ScaleOf(p).factor()}, arrays, n);
  }

 private:
  static Scale ScaleOf(const Softmin& p) { return {-1, p.temperature}; }
};
