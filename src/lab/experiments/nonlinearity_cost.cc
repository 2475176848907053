// SPDX-License-Identifier: Apache-2.0
#include <actfn/nn/nn.h>

#include "lab/experiments/common.h"
#include "lab/experiments/draws.h"
#include "lab/speed.h"

#include <algorithm>
#include <array>
#include <memory>

namespace actfn::lab::experiments {
namespace {

constexpr std::array kActivations = {"relu", "hardswish", "silu"};
constexpr double kNoise = 0.1;  // of a ratio of times

// Of MobileNet (Howard et al. 2017, arXiv:1704.04861): a depthwise convolution and one of 1 x 1,
// each with an activation behind it, at the stage's resolution.
struct Stage {
  std::size_t side;
  int in, out;  // channels
  std::size_t elements() const { return side * side * static_cast<std::size_t>(out); }
};
constexpr std::array<Stage, 5> kStages = {
    {{112, 32, 64}, {56, 64, 128}, {28, 128, 256}, {14, 256, 512}, {7, 512, 1024}}};

// A stage on one image, in evaluation.
class Block {
 public:
  Block(const Stage& stage, const char* activation)
      : net_(network(stage, activation)), x_(static_cast<std::size_t>(net_.in_features())) {
    NormalDraws draws(1);
    for (float& x : x_) x = static_cast<float>(draws.normal());
    net_.initialize(nn::Init::he_normal, 1);
    net_.set_training(false);
  }

  void run() { net_.forward(x_); }

 private:
  static nn::Sequential network(const Stage& s, const char* activation) {
    return nn::Sequential(
        {static_cast<std::size_t>(s.in), s.side, s.side},
        std::vector<nn::Layer>{
            nn::Conv2d{.in_channels = s.in,
                       .out_channels = s.in,
                       .kernel_size = 3,
                       .padding = 1,
                       .groups = s.in},
            parse_function(activation),
            nn::Conv2d{.in_channels = s.in, .out_channels = s.out, .kernel_size = 1},
            parse_function(activation)});
  }

  nn::Sequential net_;
  std::vector<float> x_;
};

// Milliseconds of the larger activation of each stage, and of each stage: all in one race, so that
// they can be compared.
std::vector<Row> measure(bool quick) {
  std::vector<std::unique_ptr<Stopwatch>> watches;
  std::vector<std::unique_ptr<Block>> blocks;
  std::vector<std::function<void()>> calls;
  for (const Stage& stage : kStages) {
    watches.push_back(std::make_unique<Stopwatch>(Type::float32, stage.elements()));
    for (const char* name : kActivations) {
      calls.push_back(watches.back()->elementwise_call(parse(name), Work::value));
      blocks.push_back(std::make_unique<Block>(stage, name));
      calls.emplace_back([&block = *blocks.back()] { block.run(); });
    }
  }
  const auto ns = race(calls, quick ? 2e9 : 2e10);
  std::vector<Row> rows;
  for (std::size_t i = 0; i < ns.size(); i += 2) {
    const std::size_t stage = i / 2 / kActivations.size();
    rows.push_back(row(kActivations.at(i / 2 % kActivations.size()), stage + 1,
                       kStages.at(stage).elements(), ns[i] / 1e6, ns[i + 1] / 1e6));
  }
  return rows;
}

std::vector<Trial> trials(const Scope& scope) {
  return {timed("stages", [quick = scope.quick] { return measure(quick); })};
}

Line by_stage(const Readings& readings, const char* activation) {
  return line_of(readings.where("activation", activation), "stage", "activation_ms", activation);
}

// By what factor the time falls from each stage to the next.
std::vector<double> falls(const Line& line) {
  std::vector<double> all;
  for (std::size_t i = 1; i < line.points.size(); ++i) {
    all.push_back(line.points[i - 1].y / line.points[i].y);
  }
  return all;
}

Chart shares_chart(const Readings& readings) {
  Chart chart{
      .file = "shares",
      .title = {},
      .x = {"stage; each has half the resolution of the one before it"},
      .y = {.label = "share of the stage's time in two activations, in per cent", .low = 0}};
  for (const char* name : kActivations) {
    const Readings of = readings.where("activation", name);
    const auto activation = of.numbers("activation_ms");
    const auto stage = of.numbers("stage_ms");
    Line line{name, {}};
    for (std::size_t i = 0; i < stage.size(); ++i) {
      // The first activation has half as many elements.
      line.points.push_back({static_cast<double>(i + 1), 150 * activation[i] / stage[i]});
    }
    chart.lines.push_back(std::move(line));
  }
  const Line& hardswish = chart.lines[1];
  chart.title = fmt::format("hardswish takes {:.1f} % of the first stage and {:.1f} % of the last",
                            hardswish.points.front().y, hardswish.points.back().y);
  return chart;
}

Outcome judge(const Readings& readings, const Scope& /*scope*/) {
  Chart chart{.file = "times",
              .title = {},
              .x = {"stage; each has half the resolution of the one before it"},
              .y = {.label = "milliseconds in the stage's larger activation (log)", .log = true}};
  std::vector<double> all;
  for (const char* name : kActivations) {
    chart.lines.push_back(by_stage(readings, name));
    if (std::string_view(name) == "relu") continue;
    const auto more = falls(chart.lines.back());
    all.insert(all.end(), more.begin(), more.end());
  }
  const auto [least, most] = std::ranges::minmax_element(all);
  const auto total = [&](std::size_t line) {
    double sum = 0;
    for (const Point& p : chart.lines[line].points) sum += p.y;
    return sum;
  };
  Verdict verdict{
      .holds = holds(*least >= 2 * (1 - kNoise)),
      .finding = fmt::format("From each stage to the next, the time in hardswish or swish falls by "
                             "a factor of {:.2f} to {:.2f}; over all stages swish takes {:.2f} "
                             "times as long as hardswish",
                             *least, *most, total(2) / total(1)),
      .measured = fmt::format("{:.3f} to {:.3f}; swish {:.3f} times hardswish, hardswish {:.3f} "
                              "times relu",
                              *least, *most, total(2) / total(1), total(1) / total(0)),
      .interval = {},
      .tolerance = "10 % of a factor"};
  chart.title = verdict.finding;
  return {std::move(verdict), {std::move(chart), shares_chart(readings)}};
}

}  // namespace

Experiment nonlinearity_cost() {
  return {
      .name = "nonlinearity-cost",
      .claim =
          "The time in a network's activations falls with depth: wherever the resolution "
          "halves, it at least halves too, for hardswish and for swish (here silu).",
      .source = "Howard et al. 2019, arXiv:1905.02244 (MobileNetV3), 5.2",
      .expected = "a factor of at least 2 from each stage to the next",
      .setup =
          "Five blocks of MobileNet, with resolutions that halve from 112 to 7, run on random "
          "inputs with relu, hardswish and silu. The times of each block and of its larger "
          "activation are the least of many timings. The claim holds if the time in hardswish and "
          "in silu falls at least 2-fold from each block to the next, with a tolerance of 10 %.",
      .method = Method::timed,
      .columns = {"activation", "stage", "elements", "activation_ms", "stage_ms"},
      .trials = trials,
      .judge = judge};
}

}  // namespace actfn::lab::experiments
