// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/common.h"

#include <array>
#include <numbers>

namespace actfn::lab::experiments {
namespace {

constexpr std::array kForms = {"tanh form", "x sigmoid(1.702 x)", "Choudhury"};

double exact(double x) { return evaluate(Gelu{}, x); }

// Choudhury 2014, for x >= 0; Phi(-x) = 1 - Phi(x).
double choudhury(double x) {
  const double a = std::fabs(x);
  const double density = std::exp(-a * a / 2) / std::sqrt(2 * std::numbers::pi);
  const double upper = density / (0.226 + 0.64 * a + 0.33 * std::sqrt(a * a + 3));
  return x * (x < 0 ? upper : 1 - upper);
}

double approximate(std::string_view form, double x) {
  if (form == kForms[0]) return evaluate(Gelu{.approximate = Gelu::Approximate::tanh}, x);
  if (form == kForms[1]) return evaluate(QuickGelu{}, x);
  return choudhury(x);
}

std::vector<Row> measure(const Materials& /*materials*/) {
  std::vector<Row> rows;
  for (const double x : spaced(-6, 6, 24'001)) {
    for (const char* form : kForms) rows.push_back(row(form, x, approximate(form, x) - exact(x)));
  }
  return rows;
}

struct Largest {
  double x = 0, gap = 0;
};

Largest largest(const Readings& rows) {
  const auto x = rows.numbers("x");
  const auto gap = rows.numbers("difference");
  Largest found;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::fabs(gap[i]) > found.gap) found = {x[i], std::fabs(gap[i])};
  }
  return found;
}

Line gaps(const Readings& rows, std::string_view form) {
  const auto x = rows.numbers("x");
  const auto gap = rows.numbers("difference");
  Line line{std::string(form), {}};
  for (std::size_t i = 0; i < x.size(); i += 60) {
    line.points.push_back({x[i], std::fabs(gap[i])});
  }
  return line;
}

Outcome judge(const Readings& readings, const Scope& /*scope*/) {
  std::vector<Largest> all;
  std::vector<Line> lines;
  for (const char* form : kForms) {
    const Readings rows = readings.where("form", form);
    all.push_back(largest(rows));
    lines.push_back(gaps(rows, form));
  }
  const bool as_claimed = near(all[0].gap, 4.732e-4, 5e-7) && near(all[1].gap, 0.02033, 5e-6);
  Verdict verdict{
      .holds = holds(as_claimed),
      .finding = fmt::format(
          "gelu's tanh form is at most {:.4g} off (at |x| = {:.3f}), x sigmoid(1.702 x) {:.4g} (at "
          "{:.2f}), Choudhury's form {:.2g}",
          all[0].gap, std::fabs(all[0].x), all[1].gap, std::fabs(all[1].x), all[2].gap),
      .measured = fmt::format("{:.4g}; {:.4g}; {:.4g}", all[0].gap, all[1].gap, all[2].gap),
      .tolerance = "half a unit of the last digit"};
  Chart chart{.file = "forms",
              .title = verdict.finding,
              .x = {"x"},
              .y = {.label = "|approximation - gelu|", .log = true, .low = 1e-8},
              .lines = std::move(lines)};
  return {std::move(verdict), {std::move(chart)}};
}

}  // namespace

Experiment gelu_forms() {
  return {.name = "gelu-forms",
          .claim = "gelu may be approximated by tanh or by sigmoid.",
          .source = "Hendrycks & Gimpel 2016, arXiv:1606.08415; Choudhury 2014",
          .expected = "4.732e-4 at 2.698; 0.02033 at 2.27; Choudhury's form is measured",
          .setup =
              "For 24,001 numbers from -6 to 6, the tanh form, x sigmoid(1.702 x) and Choudhury's "
              "form are computed in float64 and compared with the exact gelu. The claim holds "
              "where the largest differences of the first two are 4.732e-4 and 0.02033, to half a "
              "unit of the last digit; Choudhury's form is not judged.",
          .method = Method::exact,
          .columns = {"form", "x", "difference"},
          .trials = once(measure),
          .judge = judge};
}

}  // namespace actfn::lab::experiments
