// SPDX-License-Identifier: Apache-2.0
// LogSumExp.
#include "editor/function_file.h"

template <>
struct RowMath<Logsumexp> {
  static constexpr Facts kFacts = {
      .title = "LogSumExp",
      .formula = "log(sum_j exp(x_j))",
      .derivative = "dy/dx_i = exp(x_i - y)",
      .source = "PyTorch: torch.logsumexp",
      .use =
          "A maximum that is smooth: the largest entry and a little more, at most log(n). The "
          "denominator of softmax, as a logarithm that does not overflow. Its gradient is "
          "softmax(x): entries far below the largest get next to none.",
  };
  static constexpr auto kParameters = std::tuple<>{};
  static constexpr std::string_view kShapes =
      "y has x's shape with the axis reduced to 1, or without it";
  static Lengths LengthsOf(const Logsumexp& /*p*/) { return {.x = 0, .y = 1}; }

  template <class T>
  static T Reference(const Logsumexp& /*p*/, const std::vector<T>& x) {
    const T largest = rows::largest_of(x);
    return largest + rows::log_of_sum(x, largest);
  }

  template <class T>
  static T Forward(const T* x, std::size_t n, std::size_t /*count*/) {
    return LogSumExp(x, n);
  }

  static void Backward(const double* x, double dy, double* dx, std::size_t n) {
    WeightedSoftmax(x, dy, dx, n);
  }
};
