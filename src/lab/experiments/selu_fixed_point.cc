// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/common.h"

#include <array>

namespace actfn::lab::experiments {
namespace {

constexpr double kTolerance = 1e-6;
constexpr int kLayers = 10;
constexpr std::array kStarts = {0.5, 0.8, 1.2, 1.5};  // variances of the input

double selu(double x) { return evaluate(Selu{}, x); }

// Of selu(x) with x from N(0, variance).
Moments after(double variance) { return moments_after(selu, variance); }

std::vector<Row> measure(const Materials& materials) {
  const Moments fixed = after(1);
  const Moments j = moments_slope(selu, [](double x) { return evaluate_derivative(Selu{}, x); });
  std::vector<Row> rows = {row("mean", 1.0, 1, fixed.mean), row("variance", 1.0, 1, fixed.variance),
                           row("d mean / d variance", 1.0, 1, j.mean),
                           row("d variance / d variance", 1.0, 1, j.variance),
                           row("spectral norm", 1.0, 1, std::hypot(j.mean, j.variance))};
  for (const double start : kStarts) {
    double variance = start;
    for (int layer = 0; layer <= kLayers; ++layer) {
      rows.push_back(row("path", start, layer, variance));
      materials.go_on();
      variance = after(variance).variance;
    }
  }
  return rows;
}

Chart chart_of(const Readings& readings, const std::string& title) {
  Chart chart{.file = "variance",
              .title = title,
              .x = {"layer"},
              .y = {"variance of the outputs; dashed: the fixed point"},
              .marks = {{1, ""}}};
  for (const double start : kStarts) {
    const Readings path = readings.where("quantity", "path").where("start", start);
    chart.lines.push_back(line_of(path, "layer", "value", fmt::format("from {}", start)));
  }
  return chart;
}

Outcome judge(const Readings& readings, const Scope& /*scope*/) {
  const auto of = [&](const char* quantity) {
    return readings.where("quantity", quantity).number("value");
  };
  const double mean = of("mean");
  const double variance = of("variance");
  const double a = of("d mean / d variance");
  const double b = of("d variance / d variance");
  const double norm = of("spectral norm");
  const bool fixed = near(mean, 0, kTolerance) && near(variance, 1, kTolerance);
  Verdict verdict{
      .holds = holds(fixed && near(a, 0.088835, kTolerance) && near(b, 0.782648, kTolerance) &&
                     near(norm, 0.7877, 5e-5)),
      .finding = fmt::format("selu maps mean 0 and variance 1 to mean {:.1g} and variance {:.9f} "
                             "and shrinks small deviations from them to {:.4f} of their size",
                             mean, variance, norm),
      .measured = fmt::format("mean {:.1g}; variance {:.9f}; {:.6f}; {:.6f}; {:.4f}", mean,
                              variance, a, b, norm),
      .interval = {},
      .tolerance = "1e-6"};
  Chart chart = chart_of(readings, verdict.finding);
  return {std::move(verdict), {std::move(chart)}};
}

}  // namespace

Experiment selu_fixed_point() {
  return {.name = "selu-fixed-point",
          .claim =
              "selu maps mean 0 and variance 1 to themselves, and the map contracts: its Jacobian "
              "has a spectral norm below 1.",
          .source = "Klambauer et al. 2017, arXiv:1706.02515",
          .expected = "mean 0; variance 1; 0.088835; 0.782648; 0.7877",
          .setup =
              "The mean and variance of selu(x) for x from N(0, 1), and their derivatives by the "
              "variance, are computed by numerical integration in float64. The claim holds if all "
              "agree with the expected figures to 1e-6, and the spectral norm to 5e-5. The path of "
              "the variance through 10 layers from four starts is shown and not judged.",
          .method = Method::exact,
          .columns = {"quantity", "start", "layer", "value"},
          .trials = once(measure),
          .judge = judge};
}

}  // namespace actfn::lab::experiments
