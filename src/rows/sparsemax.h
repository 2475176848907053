// SPDX-License-Identifier: Apache-2.0
// Sparsemax.
#include "editor/function_file.h"

template <>
struct RowMath<Sparsemax> {
  static constexpr Facts kFacts = {
      .title = "Sparsemax",
      .formula = "max(0, x_i - tau), tau such that the row sums to 1",
      .derivative =
          "dy_i/dx_j = (i == j) - 1 / n where y_i > 0 and y_j > 0, n such entries; else 0",
      .source = "Martins & Astudillo 2016, arXiv:1602.02068",
      .use =
          "Probabilities of which many are exactly 0: attention that one can read. Entries "
          "that are 0 get no gradient, so an entry far behind the others stops learning.",
  };
  static constexpr auto kParameters = std::tuple<>{};

  static double Nanoseconds(const Sparsemax& /*p*/) { return 1; }
  static double Tolerance(const Sparsemax& /*p*/) { return kThresholdError; }

  template <class T>
  static std::vector<T> Reference(const Sparsemax& /*p*/, const std::vector<T>& x) {
    return rows::entmax_of(x, T(2));
  }

  template <class T>
  static void Forward(const Sparsemax& /*p*/, const T* x, T* y, std::size_t n, Stores /*stores*/) {
    SparseForward<Exponent::one>(2, x, y, n);
  }

  template <class T>
  static void Backward(const Sparsemax& /*p*/, const T* y, const T* dy, T* dx, std::size_t n,
                       Stores /*stores*/) {
    BackwardByMean({0, Denominator::sum}, y, dy, dx, n);
  }

  static void DoubleBackward(const Sparsemax& /*p*/, const rows::DoubleBackward& arrays,
                             std::size_t n) {
    DoubleByMean({0, Denominator::sum}, arrays, n);
  }
};
