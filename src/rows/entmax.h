// SPDX-License-Identifier: Apache-2.0
// Entmax.
#include "editor/function_file.h"

template <>
struct RowMath<Entmax> {
  static constexpr Facts kFacts = {
      .title = "Entmax",
      .formula =
          "max(0, (alpha - 1) * x_i - tau)^(1 / (alpha - 1)), tau such that the row sums to 1",
      .derivative =
          "dy_i/dx_j = s_i * ((i == j) - s_j / sum(s)), s = y^(2 - alpha) where y > 0, else 0",
      .source = "Peters, Niculae & Martins 2019, arXiv:1905.05702",
      .use =
          "Between softmax (alpha = 1) and sparsemax (alpha = 2): some probabilities are "
          "exactly 0, and the curve stays smooth for alpha < 2. 1.5 is the usual choice for "
          "sparse attention. It costs more than softmax.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Entmax::alpha>{"alpha", Condition::at_least_one}};

  static double Nanoseconds(const Entmax& p) { return p.alpha == 1 ? 0.4 : 2; }
  static double Tolerance(const Entmax& p) { return p.alpha == 1 ? 0 : kThresholdError; }

  template <class T>
  static std::vector<T> Reference(const Entmax& p, const std::vector<T>& x) {
    return p.alpha == 1 ? rows::softmax_of(x) : rows::entmax_of(x, T(p.alpha));
  }

  template <class T>
  static void Forward(const Entmax& p, const T* x, T* y, std::size_t n, Stores stores) {
    if (p.alpha == 1) return SoftmaxForward({}, x, y, n, stores);
    if (p.alpha == 1.5) return SparseForward<Exponent::two>(p.alpha, x, y, n);
    if (p.alpha == 2) return SparseForward<Exponent::one>(p.alpha, x, y, n);
    EntmaxForward(p.alpha, x, y, n);
  }

  template <class T>
  static void Backward(const Entmax& p, const T* y, const T* dy, T* dx, std::size_t n,
                       Stores stores) {
    if (p.alpha == 1) return SoftmaxBackward({}, y, dy, dx, n, stores);
    if (p.alpha > 2) return BackwardSteep(p.alpha, y, dy, dx, n);
    BackwardByMean(JacobianOf(p), y, dy, dx, n);
  }

  static void DoubleBackward(const Entmax& p, const rows::DoubleBackward& arrays, std::size_t n) {
    if (p.alpha > 2) return DoubleBackwardSteep(p.alpha, arrays, n);
    DoubleByMean(JacobianOf(p), arrays, n);
  }

 private:
  static Jacobian JacobianOf(const Entmax& p) {
    return {2 - p.alpha, p.alpha == 1 ? Denominator::one : Denominator::sum};
  }
};
