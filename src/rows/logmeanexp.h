// SPDX-License-Identifier: Apache-2.0
// LogMeanExp.
#include "editor/function_file.h"

template <>
struct RowMath<Logmeanexp> {
  static constexpr Facts kFacts = {
      .title = "LogMeanExp",
      .formula = "log(mean_j exp(x_j))",
      .derivative = "dy/dx_i = softmax(x)_i",
      .source = "JAX: jax.nn.logmeanexp",
      .use =
          "A mean that leans to the largest entries; between the mean and the maximum, whatever "
          "the row's length. For averages of likelihoods that are held as logarithms. Its gradient "
          "is softmax(x): entries far below the largest get next to none.",
      .note = "log(n) counts the entries that the mask leaves, as JAX's where does.",
  };
  static constexpr auto kParameters = std::tuple<>{};
  static constexpr std::string_view kShapes =
      "y has x's shape with the axis reduced to 1, or without it";
  static Lengths LengthsOf(const Logmeanexp& /*p*/) { return {.x = 0, .y = 1}; }

  template <class T>
  static T Reference(const Logmeanexp& /*p*/, const std::vector<T>& x) {
    using std::expm1;
    using std::log;
    using std::log1p;
    const T largest = rows::largest_of(x);
    const T n = static_cast<T>(x.size());
    std::vector<T> gaps;
    for (const T& v : x) gaps.push_back(expm1(v - largest));
    const T mean = rows::precise_sum_of(gaps) / n;  // of e^(x - largest) - 1
    return mean < -0.5 ? largest + (rows::log_of_sum(x, largest) - log(n)) : largest + log1p(mean);
  }

  template <class T>
  static T Forward(const T* x, std::size_t n, std::size_t count) {
    return LogMeanExp(x, n, count);
  }

  static void Backward(const double* x, double dy, double* dx, std::size_t n) {
    WeightedSoftmax(x, dy, dx, n);
  }
};
