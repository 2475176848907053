// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/common.h"
#include "lab/parameters_draws.h"

#include <algorithm>
#include <array>
#include <numbers>

namespace actfn::lab::experiments {
namespace {

constexpr std::array kDeviations = {1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001};

double normal_cdf(double x) { return std::erfc(-x / std::numbers::sqrt2) / 2; }

// The mean of x m, m = 1 with the probability Phi(x).
std::vector<Row> draw(int count, const Materials& materials) {
  Draws draws(1606);
  std::vector<Row> rows;
  for (const double x : spaced(-3, 3, 13)) {
    materials.go_on();
    const double p = normal_cdf(x);
    int kept = 0;
    for (int i = 0; i < count; ++i) kept += draws.unit() < p ? 1 : 0;
    rows.push_back(row("draws", 1.0, x, x * kept / count, evaluate(Gelu{}, x),
                       std::fabs(x) * std::sqrt(p * (1 - p) / count)));
  }
  return rows;
}

// x Phi(x / sigma), from N(0, sigma), is sigma gelu(x / sigma).
std::vector<Row> narrow(const Materials& /*materials*/) {
  std::vector<Row> rows;
  for (const double sigma : kDeviations) {
    for (const double z : {-2.0, -1.0, -0.751791524693564, -0.5, 0.5, 1.0, 2.0}) {
      const double x = sigma * z;
      rows.push_back(row("limit", sigma, x, sigma * evaluate(Gelu{}, z), evaluate(Relu{}, x), 0));
    }
  }
  return rows;
}

std::vector<Trial> trials(const Scope& scope) {
  const int count = scope.quick ? 100'000 : 1'000'000;
  return {{fmt::format("draws-{}", count), [=](const Materials& m) { return draw(count, m); }},
          {"limit", narrow}};
}

// In standard errors.
double furthest(const Readings& drawn) {
  const auto mean = drawn.numbers("value");
  const auto truth = drawn.numbers("reference");
  const auto error = drawn.numbers("standard_error");
  double most = 0;
  for (std::size_t i = 0; i < mean.size(); ++i) {
    if (error[i] > 0) most = std::max(most, std::fabs(mean[i] - truth[i]) / error[i]);
  }
  return most;
}

double gap(const Readings& limit) {
  const auto value = limit.numbers("value");
  const auto relu = limit.numbers("reference");
  double most = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    most = std::max(most, std::fabs(value[i] - relu[i]));
  }
  return most;
}

Chart means(const Readings& drawn, const std::string& title) {
  Chart chart{
      .file = "means",
      .title = title,
      .x = {"x"},
      .y = {.label = "mean of the dropout - gelu(x), in standard errors", .low = -4, .high = 4},
      .lines = {{"drawn", {}}},
      .marks = {{3, "3 standard errors"}, {-3, "-3"}, {0, ""}}};
  const auto x = drawn.numbers("x");
  const auto mean = drawn.numbers("value");
  const auto truth = drawn.numbers("reference");
  const auto error = drawn.numbers("standard_error");
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (error[i] == 0) continue;
    chart.lines[0].points.push_back({x[i], (mean[i] - truth[i]) / error[i]});
  }
  return chart;
}

Chart narrowing(const Readings& limit) {
  Chart chart{.file = "limit",
              .title = fmt::format(
                  "With noise from N(0, sigma), the mean is at most {:.4f} sigma from relu",
                  gap(limit) / kDeviations.front()),
              .x = {.label = "sigma", .log = true},
              .y = {.label = "largest gap to relu", .log = true},
              .lines = {{"x Phi(x / sigma)", {}}}};
  for (const double sigma : kDeviations) {
    chart.lines[0].points.push_back({sigma, gap(limit.where("sigma", sigma))});
  }
  return chart;
}

Outcome judge(const Readings& readings, const Scope& /*scope*/) {
  const Readings drawn = readings.where("part", "draws");
  const Readings limit = readings.where("part", "limit");
  const double errors = furthest(drawn);
  const double last = gap(limit.where("sigma", kDeviations.back()));
  const bool falls = near(last / kDeviations.back(), 0.169971, 5e-7);
  Verdict verdict{.holds = holds(errors <= 3 && falls),
                  .finding = fmt::format(
                      "A dropout that keeps x with the probability Phi(x) has the mean gelu(x), to "
                      "{:.2f} standard errors; with noise from N(0, 0.001) the mean is at most "
                      "{:.2g} from relu",
                      errors, last),
                  .measured = fmt::format("{:.2f} standard errors; {:.6g}", errors, last),
                  .interval = {},
                  .tolerance = "3 standard errors"};
  Chart chart = means(drawn, verdict.finding);
  return {std::move(verdict), {std::move(chart), narrowing(limit)}};
}

}  // namespace

Experiment gelu_dropout() {
  return {.name = "gelu-dropout",
          .claim =
              "gelu is the mean of a dropout that keeps x with the probability Phi(x); with noise "
              "from N(0, sigma) it tends to relu as sigma falls to 0.",
          .source = "Hendrycks & Gimpel 2016, arXiv:1606.08415",
          .expected = "gelu(x); 0.169971 sigma from relu",
          .setup =
              "For 13 numbers x from -3 to 3, a dropout that keeps x with the probability Phi(x) "
              "is drawn 1,000,000 times. For seven sigma from 1 to 0.001, x Phi(x / sigma) is "
              "compared with relu at seven x. The claim holds where each mean is within 3 "
              "standard errors of gelu(x), and the largest gap at sigma = 0.001 is 0.169971 "
              "sigma, to half a unit of the last digit.",
          .method = Method::exact,
          .columns = {"part", "sigma", "x", "value", "reference", "standard_error"},
          .trials = trials,
          .judge = judge};
}

}  // namespace actfn::lab::experiments
