// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/common.h"

#include <algorithm>

namespace actfn::lab::experiments {
namespace {

// Floats from -10 to 10; 0 is one of them.
std::vector<Row> measure(const Materials& /*materials*/) {
  std::vector<Row> rows;
  for (const double x : spaced(-10, 10, 2001)) {
    const auto v = static_cast<float>(x);
    rows.push_back(row("sigmoid", v, evaluate_derivative(Sigmoid{}, v)));
    rows.push_back(row("tanh", v, evaluate_derivative(Tanh{}, v)));
  }
  return rows;
}

Line slopes(const Readings& of, const std::string& name) {
  const Readings rows = of.where("activation", name);
  const auto x = rows.numbers("x");
  const auto y = rows.numbers("derivative");
  Line line{name, {}};
  for (std::size_t i = 0; i < x.size(); i += 10) line.points.push_back({x[i], y[i]});
  return line;
}

Outcome judge(const Readings& readings, const Scope& /*scope*/) {
  const Readings sigmoid = readings.where("activation", "sigmoid");
  const auto derivatives = sigmoid.numbers("derivative");
  const auto top = std::ranges::max_element(derivatives);
  const double at = sigmoid.numbers("x")[static_cast<std::size_t>(top - derivatives.begin())];
  Verdict verdict{.holds = holds(*top == 0.25 && at == 0),
                  .finding = fmt::format(
                      "The largest derivative of sigmoid is {} at x = {}: each layer shrinks the "
                      "gradient to a quarter or less",
                      *top, at),
                  .measured = fmt::format("{} at {}", *top, at),
                  .tolerance = "exact"};
  Chart chart{.file = "slope",
              .title = verdict.finding,
              .x = {"x"},
              .y = {"derivative"},
              .lines = {slopes(readings, "sigmoid"), slopes(readings, "tanh")},
              .marks = {{0.25, "0.25"}}};
  return {std::move(verdict), {std::move(chart)}};
}

}  // namespace

Experiment sigmoid_slope() {
  return {.name = "sigmoid-slope",
          .claim = "The derivative of sigmoid is at most 0.25, at 0.",
          .source = "Hochreiter 1991; LeCun et al. 1998, Efficient BackProp",
          .expected = "0.25",
          .method = Method::exact,
          .columns = {"activation", "x", "derivative"},
          .trials = once(measure),
          .judge = judge};
}

}  // namespace actfn::lab::experiments
