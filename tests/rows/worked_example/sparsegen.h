// SPDX-License-Identifier: Apache-2.0
// Sparsegen-lin, a sparsemax whose zeros can be controlled.
#include "editor/function_file.h"

template <>
struct RowMath<Sparsegen> {
  static constexpr Facts kFacts = {
      .title = "Sparsegen-lin",
      .formula = "sparsemax(x / (1 - lambd))",
      .derivative =
          "dy_i/dx_j = ((i == j) - 1 / n) / (1 - lambd) where y_i > 0 and y_j > 0, n such "
          "entries; else 0",
      .source = "Laha et al. 2018, arXiv:1810.11975",
      .use =
          "A sparsemax that can be made sparser or denser: more entries are 0 as lambd nears 1, "
          "fewer the further it is below 0. Entries that are 0 get no gradient.",
  };
  static constexpr auto kParameters =
      std::tuple{Parameter<&Sparsegen::lambd>{"lambd", Condition::finite}};
  // As arrays of float32 read it.
  static std::string_view Conflict(const Sparsegen& p) {
    return static_cast<float>(p.lambd) < 1 ? "" : "lambd must be less than 1";
  }

  static double Tolerance(const Sparsegen& /*p*/) { return kThresholdError; }

  // The definition, for the oracle: T has more precision.
  template <class T>
  static std::vector<T> Reference(const Sparsegen& p, const std::vector<T>& x) {
    return rows::entmax_of(rows::scaled(x, T(1 / (1 - T(p.lambd)))), T(2));
  }

  template <class T>
  static void Forward(const Sparsegen& p, const T* x, T* y, std::size_t n, Stores /*stores*/) {
    const double max = RowMaxOf(x, n, 1);
    // A NaN or an infinity decides, or no entry takes part.
    if (!IsFinite(max)) return rows::write_special(kProbability, 1, max, x, y, n);
    Sparse<Exponent::one>({ScaleOf(p), max}, x, y, n);
  }

  template <class T>
  static void Backward(const Sparsegen& p, const T* y, const T* dy, T* dx, std::size_t n,
                       Stores /*stores*/) {
    BackwardByMean(JacobianOf(p), y, dy, dx, n);
  }

  static void DoubleBackward(const Sparsegen& p, const rows::DoubleBackward& arrays,
                             std::size_t n) {
    DoubleByMean(JacobianOf(p), arrays, n);
  }

 private:
  static double ScaleOf(const Sparsegen& p) { return 1 / (1 - p.lambd); }

  // scale * (diag(s) - s s^T / sum(s)), s = y^0: 1 where y > 0, else 0.
  static Jacobian JacobianOf(const Sparsegen& p) { return {0, Denominator::sum, ScaleOf(p)}; }
};
