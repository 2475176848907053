// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/common.h"

#include <array>

namespace actfn::lab::experiments {
namespace {

struct Claimed {
  const char* activation;
  double x, value;
};
constexpr std::array<Claimed, 3> kClaimed = {{{"silu", -1.278465, -0.278465},
                                              {"gelu", -0.751792, -0.169971},
                                              {"mish", -1.192431, -0.308843}}};
constexpr double kTolerance = 5e-7;  // half a unit of the last digit

// Where the derivative changes its sign between -3 and 0.
double root(const Activation& f) {
  double low = -3;
  double high = 0;
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    (evaluate_derivative(f, middle) < 0 ? low : high) = middle;
  }
  return (low + high) / 2;
}

std::vector<Row> measure(const Materials& /*materials*/) {
  std::vector<Row> rows;
  for (const Claimed& claimed : kClaimed) {
    const Activation f = parse(claimed.activation);
    const double x = root(f);
    rows.push_back(row(claimed.activation, x, evaluate(f, x)));
  }
  return rows;
}

Outcome judge(const Readings& readings, const Scope& /*scope*/) {
  bool all = true;
  std::string measured;
  Chart chart{.file = "minima", .title = {}, .x = {"x"}, .y = {"f(x)"}};
  const auto x = spaced(-5, 1, 241);
  for (const Claimed& claimed : kClaimed) {
    const Readings one = readings.where("activation", claimed.activation);
    const double at = one.number("x");
    const double value = one.number("minimum");
    all = all && near(at, claimed.x, kTolerance) && near(value, claimed.value, kTolerance);
    measured += fmt::format("{}{} {:.6f} at {:.6f}", measured.empty() ? "" : "; ",
                            claimed.activation, value, at);
    const Activation f = parse(claimed.activation);
    chart.lines.push_back(curve(claimed.activation, x, [&](double v) { return evaluate(f, v); }));
  }
  Verdict verdict{.holds = holds(all),
                  .finding = "silu, gelu and mish each have one minimum: " + measured,
                  .measured = measured,
                  .tolerance = "half a unit of the last digit"};
  chart.title = verdict.finding;
  return {std::move(verdict), {std::move(chart)}};
}

}  // namespace

Experiment minima() {
  return {.name = "minima",
          .claim = "silu, gelu and mish fall below zero, to one minimum, and return to it.",
          .source = "Ramachandran et al. 2017, arXiv:1710.05941; Misra 2019, arXiv:1908.08681",
          .expected =
              "silu -0.278465 at -1.278465; gelu -0.169971 at -0.751792; "
              "mish -0.308843 at -1.192431",
          .setup =
              "For silu, gelu and mish, 100 bisections between -3 and 0 find in float64 where the "
              "derivative changes its sign, and the function is evaluated there. The claim holds "
              "if each place and each minimum agrees with the expected figure to half a unit of "
              "the sixth decimal.",
          .method = Method::exact,
          .columns = {"activation", "x", "minimum"},
          .trials = once(measure),
          .judge = judge};
}

}  // namespace actfn::lab::experiments
