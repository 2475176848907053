// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/common.h"

#include <algorithm>
#include <array>

namespace actfn::lab::experiments {
namespace {

constexpr std::array kActivations = {"relu", "softplus", "sigmoid", "leaky_relu", "gelu", "silu",
                                     "mish", "elu",      "celu",    "selu",       "tanh"};

std::vector<Row> measure(const Materials& /*materials*/) {
  std::vector<Row> rows;
  for (const char* name : kActivations) {
    const Activation f = parse(name);
    rows.push_back(row(name, normal_mean([&](double x) { return evaluate(f, x); })));
  }
  return rows;
}

Chart chart_of(const Readings& readings, const std::string& title) {
  auto names = readings.values("activation");
  const auto mean = [&](const std::string& name) {
    return readings.where("activation", name).number("mean");
  };
  std::ranges::sort(names, std::greater{}, mean);
  Chart chart{.file = "means",
              .title = title,
              .kind = Chart::Kind::dots,
              .x = {"mean of f(x) for x from N(0, 1)"},
              .y = {},
              .lines = {{"mean", {}}},
              .marks = {{0, "no shift"}},
              .names = names};
  for (std::size_t i = 0; i < names.size(); ++i) {
    chart.lines[0].points.push_back({static_cast<double>(i), mean(names[i])});
  }
  return chart;
}

Outcome judge(const Readings& readings, const Scope& /*scope*/) {
  const double relu = readings.where("activation", "relu").number("mean");
  const double elu = readings.where("activation", "elu").number("mean");
  Verdict verdict{
      .holds = holds(near(relu, 0.398942, 5e-7) && near(elu, 0.160521, 5e-7)),
      .finding = fmt::format(
          "elu's mean is {:.6f} and relu's {:.6f}: elu shifts the next layer's input less", elu,
          relu),
      .measured = fmt::format("relu {:.6f}; elu {:.6f}", relu, elu),
      .tolerance = "half a unit of the last digit"};
  Chart chart = chart_of(readings, verdict.finding);
  return {std::move(verdict), {std::move(chart)}};
}

}  // namespace

Experiment mean_activation() {
  return {
      .name = "mean-activation",
      .claim =
          "elu's negative values bring its mean nearer to zero than relu's, which reduces "
          "the bias shift of the next layer.",
      .source = "Clevert et al. 2015, arXiv:1511.07289",
      .expected = "relu 0.398942; elu 0.160521",
      .setup =
          "For eleven activations, the mean of f(x) over x from N(0, 1) is computed by numerical "
          "integration in float64. No network is trained. The claim holds if the means of relu and "
          "elu agree with the expected figures to half a unit of the sixth decimal.",
      .method = Method::exact,
      .columns = {"activation", "mean"},
      .trials = once(measure),
      .judge = judge};
}

}  // namespace actfn::lab::experiments
