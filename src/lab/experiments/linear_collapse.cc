// SPDX-License-Identifier: Apache-2.0
#include <actfn/nn/nn.h>

#include "lab/experiments/common.h"
#include "lab/experiments/training.h"

#include <algorithm>
#include <array>
#include <numbers>

namespace actfn::lab::experiments {
namespace {

constexpr int kWidth = 32;
constexpr int kOfClass = 97;
constexpr double kRounding = 1e-5;  // of the largest output

struct Case {
  const char* name;
  int layers;
  bool relu;
};
constexpr std::array<Case, 3> kCases = {
    {{"1 linear layer", 1, false}, {"5 linear layers", 5, false}, {"5 layers, relu", 5, true}}};

struct Points {
  std::vector<float> x;
  std::vector<std::uint32_t> labels;
};

// Lang & Witbrock 1988: two spirals of three turns, one inside the other. No noise.
Points spirals() {
  Points points;
  for (int i = 0; i < 2 * kOfClass; ++i) {
    const int along = i / 2;
    const double angle = along * std::numbers::pi / 16;
    const double radius = (i % 2 == 0 ? 1 : -1) * (104 - along) / 104.0;
    points.x.push_back(static_cast<float>(radius * std::sin(angle)));
    points.x.push_back(static_cast<float>(radius * std::cos(angle)));
    points.labels.push_back(static_cast<std::uint32_t>(i % 2));
  }
  return points;
}

nn::Sequential network(const Case& c) {
  std::vector<nn::Layer> layers;
  for (int i = 0; i < c.layers; ++i) {
    const bool last = i + 1 == c.layers;
    layers.emplace_back(nn::Linear{i == 0 ? 2 : kWidth, last ? 2 : kWidth});
    if (c.relu && !last) layers.emplace_back(Function(Activation(Relu{})));
  }
  return initialized(nn::Sequential(layers), c.relu ? nn::Init::he_normal : nn::Init::glorot_normal,
                     1);
}

// The rows of x times the product of all weights, in double; biases included.
std::vector<double> by_product(nn::Sequential& net, const std::vector<float>& x) {
  std::vector<double> rows(x.begin(), x.end());
  for (const nn::LinearView& l : net.linears()) {
    const auto in = static_cast<std::size_t>(l.shape.in_features);
    const auto out = static_cast<std::size_t>(l.shape.out_features);
    std::vector<double> next;
    for (std::size_t r = 0; r < rows.size() / in; ++r) {
      for (std::size_t k = 0; k < out; ++k) {
        double sum = l.bias[k];
        for (std::size_t i = 0; i < in; ++i) {
          sum += rows[r * in + i] * static_cast<double>(l.weight[i * out + k]);
        }
        next.push_back(sum);
      }
    }
    rows = std::move(next);
  }
  return rows;
}

// One matrix and one bias that do what the layers do: the images of (0, 0), (1, 0) and (0, 1) give
// them.
double collapse_error(nn::Sequential& net, const Points& points) {
  const std::vector<double> m = by_product(net, {0, 0, 1, 0, 0, 1});
  const auto got = net.forward(points.x);
  double error = 0;
  double most = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    const std::size_t k = i % 2;
    const double a = points.x[i - k];
    const double b = points.x[i - k + 1];
    const double want = m[k] + a * (m[2 + k] - m[k]) + b * (m[4 + k] - m[k]);
    error = std::max(error, std::fabs(static_cast<double>(got[i]) - want));
    most = std::max(most, std::fabs(want));
  }
  return error / most;
}

std::vector<Row> measure(const Case& c, int steps, const Materials& materials) {
  const Points points = spirals();
  nn::Sequential net = network(c);
  nn::Optimizer optimizer(nn::Adam{.lr = 3e-3}, net);
  std::vector<float> gradient(2 * points.labels.size());
  std::vector<Row> rows;
  for (int step = 0; step <= steps; ++step) {
    materials.go_on();
    const auto sum = nn::cross_entropy(net.forward(points.x), points.labels, gradient);
    if (step % 20 == 0) {
      rows.push_back(
          row(c.name, "accuracy", step, static_cast<double>(sum.correct) / (2.0 * kOfClass)));
    }
    net.backward(gradient, optimizer);
  }
  if (!c.relu) rows.push_back(row(c.name, "collapse", steps, collapse_error(net, points)));
  return rows;
}

std::vector<Trial> trials(const Scope& scope) {
  const int steps = scope.quick ? 1000 : 2000;
  std::vector<Trial> all;
  for (const Case& c : kCases) {
    all.push_back({fmt::format("{}-{}-{}-steps", c.relu ? "relu" : "linear", c.layers, steps),
                   [=](const Materials& m) { return measure(c, steps, m); }});
  }
  return all;
}

Line accuracy(const Readings& readings, const char* name) {
  const Readings rows = readings.where("network", name).where("what", "accuracy");
  return line_of(rows, "step", "value", name);
}

Outcome judge(const Readings& readings, const Scope& /*scope*/) {
  Chart chart{.file = "accuracy",
              .title = {},
              .x = {"training step"},
              .y = {.label = "accuracy on two spirals; dashed: chance", .low = 0.4, .high = 1},
              .marks = {{0.5, ""}}};
  std::vector<double> last;
  for (const Case& c : kCases) {
    chart.lines.push_back(accuracy(readings, c.name));
    last.push_back(chart.lines.back().points.back().y);
  }
  const double error =
      readings.where("network", kCases[1].name).where("what", "collapse").number("value");
  const bool stuck = last[0] <= 0.6 && last[1] <= 0.6;
  Verdict verdict{
      .holds = holds(error <= kRounding && stuck && last[2] >= 0.95),
      .finding =
          fmt::format("Five linear layers equal one matrix to {:.1e} of the largest output; on "
                      "two spirals their accuracy is {:.3f}, that of one layer {:.3f}, that "
                      "of five with relu {:.3f}",
                      error, last[1], last[0], last[2]),
      .measured = fmt::format("{:.2e}; {:.3f}; {:.3f}; {:.3f}", error, last[1], last[0], last[2]),
      .interval = {},
      .tolerance = "1e-5 of the largest output; chance + 0.1"};
  chart.title = verdict.finding;
  return {std::move(verdict), {std::move(chart)}};
}

}  // namespace

Experiment linear_collapse() {
  return {
      .name = "linear-collapse",
      .claim =
          "Layers without a nonlinearity between them are one linear layer, and learn no more "
          "than one.",
      .source = "Goodfellow et al. 2016, Deep Learning, 6.1; the spirals: Lang & Witbrock 1988",
      .expected = "equal to rounding; two spirals: at most 0.6 without, at least 0.95 with relu",
      .setup =
          "One linear layer, five linear layers, and five with relu (32 units) learn two spirals "
          "of 97 points each in 2,000 full-batch steps of Adam (rate 0.003). The outputs of the "
          "five linear layers are compared with those of one matrix in float64. The claim holds if "
          "both agree to 1e-5 of the largest output and the accuracies are as expected.",
      .method = Method::exact,
      .columns = {"network", "what", "step", "value"},
      .trials = trials,
      .judge = judge};
}

}  // namespace actfn::lab::experiments
