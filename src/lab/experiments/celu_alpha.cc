// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/common.h"

#include "oracle/oracle.h"
#include "oracle/real.h"

#include <algorithm>
#include <array>

namespace actfn::lab::experiments {
namespace {

using oracle::Real;

constexpr std::array kAlphas = {0.25, 0.7, 1.0, 3.0};
constexpr std::array kQuantities = {"value", "df/dx", "df/dalpha"};
constexpr double kMostUlps = 2;

using Three = std::array<double, 3>;

// Of x < 0. The derivative by alpha is MPFR's: float32's numbers are exact in it.
Three truth(float alpha, float x) {
  const oracle::Truth of = oracle::truth(Celu{.alpha = alpha}, x);
  const Real t = Real(x) / Real(alpha);
  const Real by_alpha = t.map(mpfr_exp) * (Real(1.0) - t) - Real(1.0);
  return {of.value, of.first, by_alpha.to_double()};
}

std::array<float, 3> ours(float alpha, float x) {
  const Celu f{.alpha = alpha};
  float by_alpha = 0;
  parameter_derivative(f, 0, {&x, 1}, {&by_alpha, 1});
  return {evaluate(f, x), evaluate_derivative(f, x), by_alpha};
}

// All three from one e^(x / alpha), in float32.
std::array<float, 3> from_one(float alpha, float x) {
  const float e = std::exp(x / alpha);
  return {alpha * (e - 1), e, e * (1 - x / alpha) - 1};
}

std::vector<Row> measure(const Materials& /*materials*/) {
  std::vector<Row> rows;
  for (const double a : kAlphas) {
    const auto alpha = static_cast<float>(a);
    for (const double size : spaced_by_ratio(1e-4, 60, 400)) {
      const auto x = static_cast<float>(-size);
      const Three want = truth(alpha, x);
      const auto got = ours(alpha, x);
      const auto naive = from_one(alpha, x);
      for (std::size_t i = 0; i < want.size(); ++i) {
        rows.push_back(row(kQuantities[i], a, x, want[i], oracle::ulps(got[i], want[i]),
                           oracle::ulps(naive[i], want[i])));
      }
    }
  }
  return rows;
}

double most(const Readings& readings, const char* column) {
  return std::ranges::max(readings.numbers(column));
}

Line errors(const Readings& readings, const char* quantity, const char* column,
            const std::string& name) {
  const Readings rows = readings.where("quantity", quantity).where("alpha", 1.0);
  Line line = largest_of_pieces(rows, "x", column, name, 10, 0.1);
  for (Point& p : line.points) p.x = -p.x;
  return line;
}

Outcome judge(const Readings& readings, const Scope& /*scope*/) {
  const double ours = most(readings, "ulps");
  const double naive = most(readings.where("quantity", "df/dalpha"), "naive_ulps");
  Verdict verdict{
      .holds = holds(ours <= kMostUlps),
      .finding = fmt::format("celu, its derivative and ∂celu/∂alpha = e^(x/alpha) (1 - x/alpha) - "
                             "1 are right to {:.2f} ULP; the same from one e^(x/alpha) in float32 "
                             "is up to {:.1e} ULP off",
                             ours, naive),
      .measured = fmt::format("{:.3f} ULP", ours),
      .interval = {},
      .tolerance = "2 ULP of float32"};
  Chart chart{
      .file = "errors",
      .title = verdict.finding,
      .x = {.label = "-x (alpha = 1)", .log = true},
      .y = {.label = "largest error in ULP of float32; dashed: 2 ULP", .log = true, .low = 0.1},
      .lines = {errors(readings, "df/dalpha", "naive_ulps", "∂/∂alpha, float32"),
                errors(readings, "value", "naive_ulps", "value, float32"),
                errors(readings, "df/dalpha", "ulps", "∂/∂alpha, actfn"),
                errors(readings, "value", "ulps", "value, actfn")},
      .marks = {{2, ""}}};
  return {std::move(verdict), {std::move(chart)}};
}

}  // namespace

Experiment celu_alpha() {
  return {.name = "celu-alpha",
          .claim =
              "∂celu/∂alpha is e^(x/alpha) (1 - x/alpha) - 1 for x < 0, and one exponential serves "
              "the value and both derivatives.",
          .source = "Barron 2017, arXiv:1704.07483",
          .expected = "at most 2 ULP",
          .setup =
              "For alpha = 0.25, 0.7, 1 and 3 and 400 numbers from -60 to -0.0001, celu and its "
              "derivatives by x and alpha are computed in float32, by actfn and from one "
              "exponential, and compared with an oracle of higher precision (MPFR). The claim "
              "holds where all three of actfn are within 2 ULP of float32.",
          .method = Method::exact,
          .columns = {"quantity", "alpha", "x", "truth", "ulps", "naive_ulps"},
          .trials = once(measure),
          .judge = judge};
}

}  // namespace actfn::lab::experiments
