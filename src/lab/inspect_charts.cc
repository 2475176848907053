// SPDX-License-Identifier: Apache-2.0
#include "lab/inspect_charts.h"

#include "lab/training_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace actfn::lab::report {
namespace {

constexpr double kWidth = 440;
constexpr double kHeight = 170;
constexpr std::size_t kFewLayers = 3;  // each can have a line of its own
constexpr std::size_t kDashes = 5;
constexpr std::size_t kMarkers = 8;

constexpr Instrument kInstruments[] = {
    {"gradient", "Gradients",
     "Training moves weights along the gradient: it says what a small change of each weight would "
     "do to the error. A layer with hardly any gradient is not told what to change, and does not "
     "learn. On the way back from the output each layer can make the gradient smaller: where that "
     "happens layer by layer, it vanishes.",
     "gradient norm", true, false, false, [](const InsidePoint& p) { return p.gradient_norm; },
     gradient_sentence},
    {"change", "What training has changed",
     "How far the weights are from those that training began with, as a share of these. A layer "
     "that has hardly changed has learned nothing.",
     "change of the weights, %", false, false, true,
     [](const InsidePoint& p) { return 100 * p.change; }, change_sentence},
    {"ratio", "Gradients beside weights",
     "The size of the gradient divided by that of the weights that it is to move. Layers with "
     "about the same ratio learn at about the same pace.",
     "gradient norm / weight norm", true, false, false,
     [](const InsidePoint& p) { return p.gradient_ratio; }, ratio_sentence},
    {"dead", "Dead units",
     "A unit is dead if no sample moves it: the slope of its function is exactly 0 for all of "
     "them. It gives the same whatever comes in, gets no gradient, and rarely comes back to life.",
     "dead units, %", false, true, false, [](const InsidePoint& p) { return 100 * p.dead; },
     dead_sentence},
    {"saturated", "Saturated units",
     "A unit is saturated if its function is nearly flat where the samples are: it lets through "
     "less than a tenth of the gradient that passes where the function is steepest. Dead units "
     "count too.",
     "saturated units, %", false, true, false,
     [](const InsidePoint& p) { return 100 * p.saturated; }, saturated_sentence},
    {"mean", "Mean of the activations",
     "What the layer hands on, averaged over units and samples. Layers learn most easily from "
     "numbers around 0.",
     "mean of the activations", false, false, false, [](const InsidePoint& p) { return p.mean; },
     mean_sentence},
    {"variance", "Variance of the activations",
     "How far what the layer hands on is spread, over units and samples. Where it gets smaller "
     "from layer to layer, the signal fades; where it grows, it explodes.",
     "variance of the activations", true, false, false,
     [](const InsidePoint& p) { return p.variance; }, variance_sentence},
    {"rank", "Effective rank of the features",
     "In how many directions the samples differ once they have come through the layer (Roy & "
     "Vetterli 2007). Where it falls to 1, all samples lie on one line, and no layer behind can "
     "tell them apart again.",
     "effective rank", false, false, false, [](const InsidePoint& p) { return p.effective_rank; },
     rank_sentence}};

// Epochs with a look.
std::vector<int> looks_at(Depth layers) {
  std::vector<int> all;
  const auto& points = layers.front().points;
  for (std::size_t epoch = 0; epoch < points.size(); ++epoch) {
    if (points[epoch].seeds > 0) all.push_back(static_cast<int>(epoch));
  }
  return all;
}

double value_at(const Instrument& instrument, const InsideLayer& layer, int epoch) {
  const auto i = static_cast<std::size_t>(epoch);
  if (i >= layer.points.size()) return std::numeric_limits<double>::quiet_NaN();
  return instrument.of(layer.points[i]);
}

std::vector<Line> lines_by_layer(const Instrument& instrument, Depth layers,
                                 const std::vector<int>& epochs) {
  std::vector<Line> lines;
  for (const InsideLayer& layer : layers) {
    Look look = layer.series->look;
    look.dash = lines.size() % kDashes;
    look.marker = (look.marker + lines.size()) % kMarkers;
    Line line{fmt::format("layer {}", layer.layer), {}, look};
    for (const int epoch : epochs) {
      line.points.push_back({static_cast<double>(epoch), value_at(instrument, layer, epoch)});
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<int> first_between_last(const std::vector<int>& epochs) {
  if (epochs.size() < 4) return epochs;
  return {epochs.front(), epochs[epochs.size() / 2], epochs.back()};
}

std::vector<Line> lines_by_epoch(const Instrument& instrument, Depth layers,
                                 const std::vector<int>& epochs) {
  constexpr std::size_t kSolid = 0;
  constexpr std::size_t kDashed = 1;
  constexpr std::size_t kDotted = 2;
  std::vector<Line> lines;
  for (const int epoch : first_between_last(epochs)) {
    Look look = layers.front().series->look;
    const bool last = epoch == epochs.back();
    look.dash = last ? kSolid : epoch == epochs.front() ? kDotted : kDashed;
    look.hollow = !last;
    Line line{epoch == 0 ? "start" : fmt::format("epoch {}", epoch), {}, look};
    for (const InsideLayer& layer : layers) {
      line.points.push_back({static_cast<double>(layer.layer), value_at(instrument, layer, epoch)});
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

Chart multiple(const Instrument& instrument, Depth layers) {
  Chart chart;
  chart.file = fmt::format("{}-{}", instrument.name, file_name(layers.front().series->name));
  chart.title = instrument.sentence(layers);
  chart.y = {.label = std::string(instrument.axis) + (instrument.log ? " (logarithmic)" : ""),
             .log = instrument.log};
  chart.width = kWidth;
  chart.height = kHeight;
  const std::vector<int> epochs = looks_at(layers);
  const bool over_epochs = layers.size() <= kFewLayers && epochs.size() > 1;
  chart.x = {.label = over_epochs ? "epoch" : "layer, from the input to the output", .whole = true};
  chart.lines = over_epochs ? lines_by_layer(instrument, layers, epochs)
                            : lines_by_epoch(instrument, layers, epochs);
  return chart;
}

void reach_equally_far(std::vector<Chart>& charts, bool log) {
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const Chart& chart : charts) {
    for (const Line& line : chart.lines) {
      for (const Point& p : line.points) {
        if (!std::isfinite(p.y) || (log && p.y <= 0)) continue;
        low = std::min(low, p.y);
        high = std::max(high, p.y);
      }
    }
  }
  if (low > high) return;
  for (Chart& chart : charts) {
    chart.y.low = low;
    chart.y.high = high;
  }
}

}  // namespace

std::span<const Instrument> instruments() { return kInstruments; }

std::vector<Chart> multiples(const Instrument& instrument, std::span<const Depth> networks) {
  std::vector<Chart> charts;
  for (const Depth layers : networks) charts.push_back(multiple(instrument, layers));
  reach_equally_far(charts, instrument.log);
  return charts;
}

}  // namespace actfn::lab::report
