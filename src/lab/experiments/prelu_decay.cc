// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/seeds.h"
#include "lab/experiments/training.h"

#include <array>

namespace actfn::lab::experiments {
namespace {

constexpr int kLayers = 4;  // with a slope each

struct Case {
  const char* name;
  bool slopes_too;
};
constexpr std::array<Case, 2> kCases = {
    {{"decay of weights", false}, {"decay of weights and slopes", true}}};

struct Size {
  int width;
  std::size_t images;
  int epochs;
};

Size size_of(const Scope& scope) {
  return scope.quick ? Size{64, 3000, 15} : Size{128, 20'000, 30};
}

// He et al.: momentum 0.9 and a weight decay of 0.0005, but of weights only; slopes begin at 0.25.
Recipe recipe_of(const Case& c, int width, int seed) {
  return {.layers = dense(widths_of(kLayers, width), "prelu"),
          .init = nn::Init::he_normal,
          .rule = nn::Sgd{.lr = 0.01, .momentum = 0.9, .weight_decay = 0.0005},
          .batch = 64,
          .decay_all = c.slopes_too,
          .seed = static_cast<std::uint64_t>(seed)};
}

void add_slopes(std::vector<Row>& rows, const Case& c, int seed, int epoch,
                nn::Sequential& network) {
  const auto learned = network.learned();
  for (std::size_t i = 0; i < learned.size(); ++i) {
    rows.push_back(row(c.name, seed, epoch, i + 1, learned[i].values[0]));
  }
}

std::vector<Row> measure(const Case& c, const Size& size, int seed, const Materials& materials) {
  const data::Samples images = first_of(Materials::images().train, size.images);
  Study study(recipe_of(c, size.width, seed), images);
  std::vector<Row> rows;
  add_slopes(rows, c, seed, 0, study.network());
  for (int epoch = 1; epoch <= size.epochs; ++epoch) {
    study.train_epoch(materials);
    add_slopes(rows, c, seed, epoch, study.network());
  }
  return rows;
}

std::vector<Trial> trials(const Scope& scope) {
  const Size size = size_of(scope);
  std::vector<Trial> all;
  for (const Case& c : kCases) {
    add_seeds(
        all, scope,
        fmt::format("{}-width-{}-images-{}-epochs-{}", c.slopes_too ? "slopes-too" : "weights",
                    size.width, size.images, size.epochs),
        [=](int seed, const Materials& m) { return measure(c, size, seed, m); });
  }
  return all;
}

// The sizes of a layer's slopes at the end, by seed.
std::vector<double> slopes(const Readings& readings, const Case& c, int layer) {
  auto all = at_end(readings.where("case", c.name).where("layer", layer), "slope");
  for (double& a : all) a = std::fabs(a);
  return all;
}

// Of all layers, the mean by seed.
std::vector<double> mean_slopes(const Readings& readings, const Case& c) {
  std::vector<double> sums;
  for (int layer = 1; layer <= kLayers; ++layer) {
    const auto here = slopes(readings, c, layer);
    sums.resize(here.size());
    for (std::size_t i = 0; i < here.size(); ++i) sums[i] += here[i] / kLayers;
  }
  return sums;
}

Chart by_layer(const Readings& readings) {
  Chart chart{.file = "layers",
              .title = "The slopes after training, layer by layer",
              .kind = Chart::Kind::dots,
              .x = {"size of prelu's slope"},
              .y = {},
              .marks = {{0.25, "at first"}}};
  for (int layer = 1; layer <= kLayers; ++layer) {
    chart.names.push_back(fmt::format("layer {}", layer));
  }
  for (const Case& c : kCases) {
    Line line{c.name, {}};
    for (int layer = 1; layer <= kLayers; ++layer) {
      line.points.push_back(mean_point(layer - 1, slopes(readings, c, layer)));
    }
    chart.lines.push_back(std::move(line));
  }
  return chart;
}

// One layer's by epoch: lines of all would cross.
Chart by_epoch_of_first(const Readings& readings) {
  Chart chart{.file = "epochs", .title = {}, .x = {"epoch"}, .y = {"slope of the first prelu"}};
  for (const Case& c : kCases) {
    chart.lines.push_back(
        mean_line(readings.where("case", c.name).where("layer", 1), "epoch", "slope", c.name));
  }
  chart.title = fmt::format("From 0.25 the slope of the first layer comes to {}", ends_of(chart));
  return chart;
}

Outcome judge(const Readings& readings, const Scope& scope) {
  const auto without = mean_slopes(readings, kCases[0]);
  const auto with = mean_slopes(readings, kCases[1]);
  const PairedDifference d = difference(with, without);
  Verdict verdict{
      .holds = is_below(d.interval),
      .finding = fmt::format("In {} epochs the sizes of prelu's slopes go from 0.25 to {:.3f} "
                             "without a weight decay of their own and to {:.3f} with one of "
                             "0.0005: a difference of {}",
                             size_of(scope).epochs, mean_of(without), mean_of(with), with_reach(d)),
      .measured = fmt::format("without {:.4f}; with {:.4f}", mean_of(without), mean_of(with)),
      .interval = d.interval,
      .tolerance = intervals_over(scope) + ", paired"};
  return {std::move(verdict), {by_epoch_of_first(readings), by_layer(readings)}};
}

}  // namespace

Experiment prelu_decay() {
  return {
      .name = "prelu-decay",
      .claim = "Weight decay pulls prelu's slopes towards 0, and so towards relu.",
      .source = "He et al. 2015, arXiv:1502.01852, 2.1",
      .expected = "smaller slopes with weight decay than without",
      .setup =
          "Networks with four hidden layers of 128 units and prelu are trained on 20,000 images of "
          "Fashion-MNIST for 30 epochs (SGD, rate 0.01, momentum 0.9, batches of 64). A weight "
          "decay of 0.0005 acts on the weights alone or on the slopes too. The claim holds if the "
          "paired 95 % interval of the mean slope size, with decay less without, lies below 0.",
      .method = Method::networks,
      .columns = {"case", "seed", "epoch", "layer", "slope"},
      .trials = trials,
      .judge = judge};
}

}  // namespace actfn::lab::experiments
