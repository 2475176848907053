// SPDX-License-Identifier: Apache-2.0
// Hardmax.
#include "editor/function_file.h"

template <>
struct RowMath<Hardmax> {
  static constexpr Facts kFacts = {
      .title = "Hardmax",
      .formula = "1 for the first of the largest entries, 0 for the others",
      .derivative = "0",
      .source = "ONNX: Hardmax",
      .use =
          "The decision itself, one-hot. Its derivative is 0 everywhere, so nothing before it"
          " learns: for evaluation, or with softmax's gradient in its place.",
  };
  static constexpr auto kParameters = std::tuple<>{};

  template <class T>
  static std::vector<T> Reference(const Hardmax& /*p*/, const std::vector<T>& x) {
    std::vector<T> y(x.size());
    y[static_cast<std::size_t>(std::max_element(x.begin(), x.end()) - x.begin())] = 1;
    return y;
  }

  template <class T>
  static void Forward(const Hardmax& /*p*/, const T* x, T* y, std::size_t n, Stores /*stores*/) {
    HardmaxForward(x, y, n);
  }

  template <class T>
  static void Backward(const Hardmax& /*p*/, const T* y, const T* /*dy*/, T* dx, std::size_t n,
                       Stores /*stores*/) {
    HardmaxGradient(y, dx, n);
  }

  static void DoubleBackward(const Hardmax& /*p*/, const rows::DoubleBackward& arrays,
                             std::size_t n) {
    HardmaxGradient(arrays.y, arrays.for_dy, n);
    std::copy_n(arrays.for_dy, n, arrays.for_x);
  }
};
