// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/common.h"

#include "oracle/oracle.h"

#include <algorithm>
#include <array>

namespace actfn::lab::experiments {
namespace {

constexpr std::array kAlphas = {0.25, 0.5, 1.0, 2.0, 3.0};
constexpr std::array kFactors = {3.0, 5.0, 10.0};
constexpr double kMostUlps = 2;

// How far f' just left of 0 is from 1, which it is on the right.
double jump(const Activation& f) {
  return std::fabs(1 - static_cast<double>(evaluate_derivative(f, -1e-30F)));
}

// celu_{c alpha}(c x) against c celu_alpha(x), in ULP of float32. c x is exact: x has few bits.
double scaling_ulps(double alpha, double c) {
  double most = 0;
  for (const double x : spaced(-16, 4, 20 * 256 + 1)) {
    const float got = evaluate(Celu{.alpha = c * alpha}, static_cast<float>(c * x));
    most = std::max(most, oracle::ulps(got, c * evaluate(Celu{.alpha = alpha}, x)));
  }
  return most;
}

double largest_gap(double alpha, const Activation& limit) {
  double most = 0;
  for (const double x : spaced(-5, 5, 2001)) {
    most = std::max(most, std::fabs(evaluate(Celu{.alpha = alpha}, x) - evaluate(limit, x)));
  }
  return most;
}

std::vector<Row> measure(const Materials& /*materials*/) {
  std::vector<Row> rows;
  for (const double alpha : kAlphas) {
    rows.push_back(row("celu's jump", alpha, 1.0, jump(Celu{.alpha = alpha})));
    rows.push_back(row("elu's jump", alpha, 1.0, jump(Elu{.alpha = alpha})));
    for (const double c : kFactors) {
      rows.push_back(row("scaling", alpha, c, scaling_ulps(alpha, c)));
    }
  }
  for (int power = 0; power <= 6; ++power) {
    const double small = std::pow(10, -power);
    const double large = std::pow(10, power);
    rows.push_back(row("gap to relu", small, 1.0, largest_gap(small, Relu{})));
    rows.push_back(row("gap to identity", large, 1.0, largest_gap(large, Identity{})));
  }
  return rows;
}

double most(const Readings& readings, const char* part) {
  return std::ranges::max(readings.where("part", part).numbers("value"));
}

Chart limits(const Readings& readings, double to_relu, double to_identity) {
  Chart chart{
      .file = "limits",
      .title = fmt::format("celu is at most {:.2g} from relu for alpha = 10⁻⁶, and {:.2g} from "
                           "the identity for alpha = 10⁶",
                           to_relu, to_identity),
      .x = {.label = "alpha", .log = true},
      .y = {.label = "largest gap for |x| ≤ 5", .log = true}};
  for (const char* part : {"gap to relu", "gap to identity"}) {
    chart.lines.push_back(line_of(readings.where("part", part), "alpha", "value", part));
  }
  return chart;
}

Chart slopes(const std::string& title) {
  Chart chart{.file = "slopes", .title = title, .x = {"x"}, .y = {"derivative"}};
  for (const double alpha : {0.5, 1.0, 3.0}) {
    const Activation celu = Celu{.alpha = alpha};
    const Activation elu = Elu{.alpha = alpha};
    for (const Activation& f : {celu, elu}) {
      if (f == Activation(Elu{})) continue;  // celu(alpha=1) is the same function
      chart.lines.push_back(curve(to_string(f), spaced(-4, 1, 501),
                                  [&](double x) { return evaluate_derivative(f, x); }));
    }
  }
  return chart;
}

Outcome judge(const Readings& readings, const Scope& /*scope*/) {
  const double jump = most(readings, "celu's jump");
  const double ulps = most(readings, "scaling");
  const double to_relu = readings.where("part", "gap to relu").numbers("value").back();
  const double to_identity = readings.where("part", "gap to identity").numbers("value").back();
  const bool tends = to_relu <= 1.01e-6 && to_identity <= 1.3e-5;  // alpha; 5^2 / (2 alpha)
  Verdict verdict{
      .holds = holds(jump == 0 && ulps <= kMostUlps && tends),
      .finding = fmt::format(
          "The derivative of celu has no jump at 0 (elu's has one of {:.2g} for alpha = 3), and "
          "celu scales to within {:.2g} ULP",
          most(readings, "elu's jump"), ulps),
      .measured = fmt::format("jump {}; {:.3f} ULP; {:.2g} from relu, {:.2g} from the identity",
                              jump, ulps, to_relu, to_identity),
      .interval = {},
      .tolerance = "2 ULP of float32"};
  Chart first = slopes(verdict.finding);
  return {std::move(verdict), {std::move(first), limits(readings, to_relu, to_identity)}};
}

}  // namespace

Experiment celu_smooth() {
  return {.name = "celu-smooth",
          .claim =
              "The derivative of celu is continuous for every alpha; celu scales with alpha, tends "
              "to relu as alpha falls to 0, and to the identity as it grows.",
          .source = "Barron 2017, arXiv:1704.07483",
          .expected = "jump 0; celu(c x, c alpha) = c celu(x, alpha)",
          .setup =
              "celu's derivative is computed in float32 just left of 0, for five alphas from 0.25 "
              "to 3; its scaling is checked with three factors at 5,121 numbers, its gaps to relu "
              "and the identity for |x| ≤ 5. The claim holds where there is no jump, scaling is "
              "right to 2 ULP of float32, and the gaps are at most 1.01e-6 (relu, alpha = 1e-6) "
              "and 1.3e-5 (identity, alpha = 1e6).",
          .method = Method::exact,
          .columns = {"part", "alpha", "factor", "value"},
          .trials = once(measure),
          .judge = judge};
}

}  // namespace actfn::lab::experiments
