// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/common.h"

#include <algorithm>
#include <array>

namespace actfn::lab::experiments {
namespace {

constexpr std::array kActivations = {"sigmoid", "tanh"};
constexpr std::array kDeviations = {0.5, 1.0, 2.0, 5.0};
constexpr double kTolerance = 1e-9;

double uniform_mean(const Activation& f) {
  const auto x = spaced(-3, 3, 6001);
  double sum = 0;
  for (const double v : x) sum += evaluate(f, v);
  return sum / static_cast<double>(x.size());
}

std::vector<Row> measure(const Materials& /*materials*/) {
  std::vector<Row> rows;
  for (const char* name : kActivations) {
    const Activation f = parse(name);
    for (const double s : kDeviations) {
      const double mean = normal_mean([&](double z) { return evaluate(f, s * z); });
      rows.push_back(row(name, fmt::format("normal with deviation {}", s), mean));
    }
    rows.push_back(row(name, "uniform from -3 to 3", uniform_mean(f)));
    rows.push_back(row(name, "-1 or 1", (evaluate(f, -1.0) + evaluate(f, 1.0)) / 2));
  }
  return rows;
}

double furthest(const Readings& readings, const char* activation, double from) {
  double most = 0;
  for (const double m : readings.where("activation", activation).numbers("mean")) {
    most = std::max(most, std::fabs(m - from));
  }
  return most;
}

Chart chart_of(const Readings& readings, const std::string& title) {
  Chart chart{.file = "means",
              .title = title,
              .kind = Chart::Kind::dots,
              .x = {.label = "mean of the outputs", .low = -0.05, .high = 0.55},
              .y = {},
              .marks = {{0, "centred"}},
              .names = readings.values("input")};
  for (const char* name : kActivations) {
    Line line{name, {}};
    for (const double m : readings.where("activation", name).numbers("mean")) {
      line.points.push_back({static_cast<double>(line.points.size()), m});
    }
    chart.lines.push_back(std::move(line));
  }
  return chart;
}

Outcome judge(const Readings& readings, const Scope& /*scope*/) {
  const double sigmoid = furthest(readings, "sigmoid", 0.5);
  const double tanh = furthest(readings, "tanh", 0);
  Verdict verdict{
      .holds = holds(sigmoid <= kTolerance && tanh <= kTolerance),
      .finding = fmt::format("For {} inputs symmetric about 0, the outputs of sigmoid average 0.5 "
                             "(at most {:.1g} off) and those of tanh 0 (at most {:.1g} off)",
                             readings.values("input").size(), sigmoid, tanh),
      .measured = fmt::format("0.5 within {:.1g}; 0 within {:.1g}", sigmoid, tanh),
      .interval = {},
      .tolerance = "1e-9"};
  Chart chart = chart_of(readings, verdict.finding);
  return {std::move(verdict), {std::move(chart)}};
}

}  // namespace

Experiment sigmoid_bias() {
  return {.name = "sigmoid-bias",
          .claim =
              "The outputs of sigmoid are not centred on 0: for inputs symmetric about 0 they "
              "average 0.5, and those of tanh average 0.",
          .source = "LeCun et al. 1998, Efficient BackProp",
          .expected = "sigmoid 0.5; tanh 0",
          .setup =
              "The mean outputs of sigmoid and tanh are computed in float64 for six inputs "
              "symmetric about 0: normal with deviations of 0.5, 1, 2 and 5, uniform from -3 to 3, "
              "and -1 or 1. The claim holds if all means of sigmoid are within 1e-9 of 0.5 and all "
              "means of tanh within 1e-9 of 0.",
          .method = Method::exact,
          .columns = {"activation", "input", "mean"},
          .trials = once(measure),
          .judge = judge};
}

}  // namespace actfn::lab::experiments
