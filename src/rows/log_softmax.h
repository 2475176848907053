// SPDX-License-Identifier: Apache-2.0
// LogSoftmax.
#include "editor/function_file.h"

template <>
struct RowMath<LogSoftmax> {
  static constexpr Facts kFacts = {
      .title = "LogSoftmax",
      .formula = "z_i - log(sum_j exp(z_j)), z = x / temperature",
      .derivative = "dy_i/dx_j = ((i == j) - exp(y_j)) / temperature",
      .source = "Bridle 1990, Neurocomputing: 227-236",
      .use =
          "The logarithms of softmax, computed without taking the logarithm of a rounded number. "
          "Use it before a cross entropy; softmax and a logarithm lose the small probabilities. "
          "Where probabilities themselves are needed, take softmax.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&LogSoftmax::temperature>{"temperature", Condition::positive}};

  template <class T>
  static std::vector<T> Reference(const LogSoftmax& p, const std::vector<T>& x) {
    return rows::log_softmax_of(rows::distances(x, T(p.temperature)));
  }

  template <class T>
  static void Forward(const LogSoftmax& p, const T* x, T* y, std::size_t n, Stores stores) {
    LogSoftmaxForward(ScaleOf(p), x, y, n, stores);
  }

  template <class T>
  static void Backward(const LogSoftmax& p, const T* y, const T* dy, T* dx, std::size_t n,
                       Stores stores) {
    LogSoftmaxBackward(ScaleOf(p), y, dy, dx, n, stores);
  }

  static void DoubleBackward(const LogSoftmax& p, const rows::DoubleBackward& arrays,
                             std::size_t n) {
    DoubleOfLog(ScaleOf(p), arrays, n);
  }

 private:
  static Scale ScaleOf(const LogSoftmax& p) { return {1, p.temperature}; }
};
