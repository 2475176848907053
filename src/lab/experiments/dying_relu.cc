// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/common.h"
#include "lab/experiments/draws.h"

#include <algorithm>
#include <array>

namespace actfn::lab::experiments {
namespace {

struct Size {
  int width, depth;  // depth - 1 hidden layers and a linear one
};
constexpr std::array<Size, 8> kSizes = {
    {{2, 5}, {2, 10}, {2, 20}, {3, 10}, {3, 20}, {4, 20}, {5, 20}, {10, 50}}};

// Bounds of the probability that a network with symmetric weights and without biases is born dead,
// for one input. Lu et al. 2019, theorems 3.3 and 3.4.
double upper_bound(const Size& s) { return 1 - std::pow(1 - std::pow(0.5, s.width), s.depth - 1); }
double lower_bound(const Size& s) {
  const double n = s.width;
  const double p = std::pow(0.5, n);
  const double a1 = std::pow(1 - p, s.depth - 2);
  const double a2 = std::pow(1 - 2 * p - (n - 1) * p * p, s.depth - 2);
  return 1 - a1 + (1 - 2 * p) * (1 - p) / (1 + (n - 1) * p) * (a2 - a1);
}

using Layer = std::vector<double>;

Layer next(const Layer& x, const std::vector<double>& weights) {
  Layer y(x.size());
  for (std::size_t i = 0; i < y.size(); ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < x.size(); ++k) sum += weights[i * x.size() + k] * x[k];
    y[i] = std::max(sum, 0.0);
  }
  return y;
}

bool is_dead(const Layer& x) {
  return std::ranges::all_of(x, [](double v) { return v == 0; });
}

// Without biases a network is linear along each half of the line, so that 1 and -1 stand for all
// inputs.
bool born_dead(const Size& s, NormalDraws& draws) {
  const auto n = static_cast<std::size_t>(s.width);
  Layer right(n);
  Layer left(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double w = draws.normal();
    right[i] = std::max(w, 0.0);
    left[i] = std::max(-w, 0.0);
  }
  std::vector<double> weights(n * n);
  for (int layer = 2; layer < s.depth; ++layer) {
    for (double& w : weights) w = draws.normal();
    right = next(right, weights);
    left = next(left, weights);
    if (is_dead(right) && is_dead(left)) return true;
  }
  return false;
}

std::vector<Row> measure(const Size& s, int count, const Materials& materials) {
  NormalDraws draws(1903);
  int dead = 0;
  for (int i = 0; i < count; ++i) {
    if (i % 1024 == 0) materials.go_on();
    dead += born_dead(s, draws) ? 1 : 0;
  }
  const double p = static_cast<double>(dead) / count;
  return {row(s.width, s.depth, count, p, std::sqrt(p * (1 - p) / count), lower_bound(s),
              upper_bound(s))};
}

std::vector<Trial> trials(const Scope& scope) {
  std::vector<Trial> all;
  for (const Size& s : kSizes) {
    const int count = (scope.quick ? 4'000 : 100'000) / (s.width == 10 ? 4 : 1);
    all.push_back({fmt::format("width-{}-depth-{}-of-{}", s.width, s.depth, count),
                   [=](const Materials& m) { return measure(s, count, m); }});
  }
  return all;
}

Chart chart_of(const Readings& readings, const std::string& title) {
  Chart chart{.file = "dead",
              .title = title,
              .kind = Chart::Kind::dots,
              .x = {.label = "probability that a network is born dead", .low = 0, .high = 1},
              .y = {},
              .lines = {{"lower bound", {}}, {"estimate", {}}, {"upper bound", {}}}};
  const auto p = readings.numbers("dead");
  const auto error = readings.numbers("standard_error");
  const auto low = readings.numbers("lower");
  const auto high = readings.numbers("upper");
  for (std::size_t i = 0; i < readings.size(); ++i) {
    const auto at = static_cast<double>(i);
    chart.names.push_back(
        fmt::format("width {}, depth {}", kSizes.at(i).width, kSizes.at(i).depth));
    chart.lines[0].points.push_back({at, low[i]});
    chart.lines[1].points.push_back({at, p[i], p[i] - 3 * error[i], p[i] + 3 * error[i]});
    chart.lines[2].points.push_back({at, high[i]});
  }
  return chart;
}

Outcome judge(const Readings& readings, const Scope& /*scope*/) {
  const auto p = readings.numbers("dead");
  const auto error = readings.numbers("standard_error");
  const auto low = readings.numbers("lower");
  const auto high = readings.numbers("upper");
  bool inside = true;
  std::string measured;
  for (std::size_t i = 0; i < p.size(); ++i) {
    inside = inside && p[i] >= low[i] - 3 * error[i] && p[i] <= high[i] + 3 * error[i];
    measured += fmt::format("{}{}x{} {:.4f}", i == 0 ? "" : "; ", kSizes.at(i).width,
                            kSizes.at(i).depth, p[i]);
  }
  Verdict verdict{
      .holds = holds(inside),
      .finding = fmt::format("A relu network of width 2 and depth 10 is born dead with "
                             "the probability {:.3f}, one of width 10 and depth 50 with "
                             "{:.3f}; all estimates are {} the bounds",
                             p.at(1), p.back(), inside ? "within" : "not within"),
      .measured = measured,
      .interval = {},
      .tolerance = "3 standard errors beyond the bounds"};
  Chart chart = chart_of(readings, verdict.finding);
  return {std::move(verdict), {std::move(chart)}};
}

}  // namespace

Experiment dying_relu() {
  return {.name = "dying-relu",
          .claim =
              "Deep and narrow relu networks are born dead, constant for all inputs, with a "
              "probability between two bounds that tend to 1 with depth.",
          .source = "Lu et al. 2019, arXiv:1903.06733",
          .expected = "inside the bounds: 0.8703 to 0.9249 for width 2, depth 10",
          .setup =
              "For eight sizes, from width 2 and depth 5 to width 10 and depth 50, 100,000 relu "
              "networks (25,000 of width 10) with one input, normal weights and no biases are "
              "drawn and not trained. The claim holds where the share of networks that are dead "
              "lies between the two bounds of the paper's theorems 3.3 and 3.4, to 3 standard "
              "errors.",
          .method = Method::exact,
          .columns = {"width", "depth", "networks", "dead", "standard_error", "lower", "upper"},
          .trials = trials,
          .judge = judge};
}

}  // namespace actfn::lab::experiments
