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
  Chart chart{
      .file = "slope",
      .title = verdict.finding,
      .x = {"x"},
      .y = {"derivative"},
      .lines = {line_of(sigmoid, "x", "derivative", "sigmoid", 10),
                line_of(readings.where("activation", "tanh"), "x", "derivative", "tanh", 10)},
      .marks = {{0.25, "0.25"}}};
  return {std::move(verdict), {std::move(chart)}};
}

}  // namespace

Experiment sigmoid_slope() {
  return {.name = "sigmoid-slope",
          .claim = "The derivative of sigmoid is at most 0.25, at 0.",
          .source = "Hochreiter 1991; LeCun et al. 1998, Efficient BackProp",
          .expected = "0.25",
          .setup =
              "The derivative of sigmoid is computed in float32 at 2,001 numbers from -10 to 10, "
              "with 0 among them, and that of tanh beside it. The claim holds if the largest "
              "derivative of sigmoid is exactly 0.25, and at exactly 0.",
          .method = Method::exact,
          .columns = {"activation", "x", "derivative"},
          .trials = once(measure),
          .judge = judge};
}

}  // namespace actfn::lab::experiments
