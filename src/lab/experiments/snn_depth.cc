// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/moments.h"
#include "lab/experiments/normalized.h"
#include "lab/experiments/reached.h"

#include <array>

namespace actfn::lab::experiments {
namespace {

struct Case {
  const char* name;
  const char* activation;
  bool batch_norm;
  nn::Init init;
};
constexpr std::array<Case, 3> kCases = {{{"selu", "selu", false, nn::Init::lecun_normal},
                                         {"relu with BatchNorm", "relu", true, nn::Init::he_normal},
                                         {"tanh", "tanh", false, nn::Init::glorot_normal}}};
// Each network has the one that suits it at its depth and width.
constexpr std::array kRates = {0.01, 0.1};

struct Grid {
  std::vector<int> depths, widths;  // hidden layers, and their units
  std::size_t images;
  int epochs;
};

Grid grid(const Scope& scope) {
  if (scope.quick) return {.depths = {8, 16}, .widths = {48}, .images = 800, .epochs = 3};
  return {.depths = {8, 16, 32}, .widths = {64, 192}, .images = 4000, .epochs = 5};
}

struct Place {
  int depth, width;
};

Recipe recipe_of(const Case& c, const Place& place, double rate, int seed) {
  std::vector<nn::Layer> layers = dense(widths_of(place.depth, place.width), c.activation);
  if (c.batch_norm) layers = normalized(layers);
  return {.layers = std::move(layers),
          .init = c.init,
          .rule = nn::Sgd{.lr = rate},
          .seed = static_cast<std::uint64_t>(seed)};
}

std::vector<Row> measure(std::size_t number, const Place& place, double rate, const Grid& size,
                         int seed, const Materials& materials) {
  const Case& c = kCases.at(number);
  const data::Samples images = standardised(Materials::images().train, size.images);
  Study study(recipe_of(c, place, rate, seed), images);
  std::vector<Row> rows;
  for (int epoch = 1; epoch <= size.epochs; ++epoch) {
    rows.push_back(row(c.name, place.depth, place.width, rate, seed, epoch,
                       study.train_epoch(materials).loss));
  }
  return rows;
}

std::vector<Place> places(const Grid& size) {
  std::vector<Place> all;
  for (const int depth : size.depths) {
    for (const int width : size.widths) all.push_back({depth, width});
  }
  return all;
}

void add_trials(std::vector<Trial>& to, std::size_t number, const Place& place, const Grid& size,
                const Scope& scope) {
  for (const double rate : kRates) {
    add_seeds(
        to, scope,
        fmt::format("{}-depth-{}-width-{}-images-{}-epochs-{}-rate-{}",
                    kCases.at(number).activation, place.depth, place.width, size.images,
                    size.epochs, rate),
        [=](int seed, const Materials& m) { return measure(number, place, rate, size, seed, m); });
  }
}

std::vector<Trial> trials(const Scope& scope) {
  const Grid size = grid(scope);
  std::vector<Trial> all;
  for (std::size_t i = 0; i < kCases.size(); ++i) {
    for (const Place& place : places(size)) add_trials(all, i, place, size, scope);
  }
  return all;
}

Readings at(const Readings& readings, const Case& c, const Place& place) {
  const Readings here =
      readings.where("network", c.name).where("depth", place.depth).where("width", place.width);
  return here.where("rate", best_setting(here, "rate", "loss"));
}

std::string text_of(const Place& place) { return fmt::format("{}x{}", place.depth, place.width); }

// A row for each network, a column for each depth and width.
Chart map_of(const Readings& readings, const Grid& size, std::string title) {
  Chart chart{.file = "map",
              .title = std::move(title),
              .kind = Chart::Kind::cells,
              .x = {"hidden layers x units"},
              .y = {"training loss of the last epoch (nats)"}};
  for (const Place& place : places(size)) chart.names.push_back(text_of(place));
  for (const Case& c : kCases) {
    Line line{c.name, {}};
    for (const Place& place : places(size)) {
      line.points.push_back(mean_point(static_cast<double>(line.points.size()),
                                       at_end(at(readings, c, place), "loss")));
    }
    chart.lines.push_back(std::move(line));
  }
  return chart;
}

Chart curves_of(const Readings& readings, const Place& place) {
  Chart chart{
      .file = "loss", .title = {}, .x = {"epoch"}, .y = {"training loss over the epoch (nats)"}};
  for (const Case& c : kCases) {
    chart.lines.push_back(mean_line(at(readings, c, place), "epoch", "loss", c.name));
  }
  chart.title = fmt::format("With {} hidden layers of {} units, the training losses come to {}",
                            place.depth, place.width, ends_of(chart));
  return chart;
}

struct Lead {
  std::vector<Holds> parts;
  int lower = 0;  // places in which selu has the lower loss
};

Lead lead_of_selu(const Readings& readings, const Grid& size, const Case& other) {
  Lead lead;
  for (const Place& place : places(size)) {
    lead.parts.push_back(less(at_end(at(readings, kCases[0], place), "loss"),
                              at_end(at(readings, other, place), "loss")));
    lead.lower += lead.parts.back() == Holds::yes ? 1 : 0;
  }
  return lead;
}

Outcome judge(const Readings& readings, const Scope& scope) {
  const Grid size = grid(scope);
  const auto all = places(size);
  const Lead normed = lead_of_selu(readings, size, kCases[1]);
  const Lead tanh = lead_of_selu(readings, size, kCases[2]);
  std::vector<Holds> parts = normed.parts;
  parts.insert(parts.end(), tanh.parts.begin(), tanh.parts.end());
  Chart curves = curves_of(readings, all.back());
  Verdict verdict{
      .holds = all_hold(parts),
      .finding = fmt::format("In {} of {} depths and widths selu's training loss is lower than "
                             "that of relu with BatchNorm, in {} than that of tanh. {}",
                             normed.lower, all.size(), tanh.lower, curves.title),
      .measured = ends_of(curves),
      .interval = difference(at_end(at(readings, kCases[0], all.back()), "loss"),
                             at_end(at(readings, kCases[1], all.back()), "loss"))
                      .interval,
      .tolerance =
          intervals_over(scope) + ", paired; the better of two learning rates for each network"};
  Chart map = map_of(readings, size,
                     fmt::format("selu's training loss is lower than that of relu with BatchNorm "
                                 "in {}, and than that of tanh in {} of {} places",
                                 normed.lower, tanh.lower, all.size()));
  return {std::move(verdict), {std::move(curves), std::move(map)}};
}

std::string missing(const Readings& readings, const Scope& scope) {
  for (const Place& place : places(grid(scope))) {
    std::vector<Progress> losses;
    for (const Case& c : kCases) {
      losses.push_back(
          {fmt::format("{}, {}", c.name, text_of(place)), at_end(at(readings, c, place), "loss")});
    }
    std::string found = unless_one_learned(losses);
    if (!found.empty()) return found;
  }
  return "";
}

}  // namespace

Experiment snn_depth() {
  return {.name = "snn-depth",
          .claim =
              "At every depth and width, self-normalizing networks of selu learn faster than relu "
              "networks with BatchNorm and than tanh networks.",
          .source = "Klambauer et al. 2017, arXiv:1706.02515, figure 1",
          .expected = "the lowest training loss after the same epochs, with 8, 16 and 32 layers",
          .setup =
              "Networks of 8, 16 and 32 hidden layers of 64 and 192 units are trained with selu, "
              "with relu and BatchNorm, and with tanh on 4,000 standardised images of "
              "Fashion-MNIST for 5 epochs (SGD, batches of 32, the better of the rates 0.01 and "
              "0.1). The claim holds if paired 95 % intervals show selu's training loss of the "
              "last epoch below both others at each depth and width.",
          .method = Method::networks,
          .columns = {"network", "depth", "width", "rate", "seed", "epoch", "loss"},
          .trials = trials,
          .judge = judge,
          .missing = missing};
}

}  // namespace actfn::lab::experiments
