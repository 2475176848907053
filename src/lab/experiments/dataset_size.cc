// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/curves.h"
#include "lab/experiments/reached.h"

#include <array>

namespace actfn::lab::experiments {
namespace {

constexpr std::array kActivations = {"relu", "leaky_relu", "prelu", "rrelu"};

struct Size {
  std::size_t images;
  int epochs;  // fewer images are seen more often
};
using Sizes = std::array<Size, 3>;

// 1 %, 10 % and 100 %.
Sizes sizes(const Scope& scope) {
  if (scope.quick) return {{{40, 30}, {400, 12}, {4000, 2}}};
  return {{{600, 60}, {6000, 25}, {60'000, 5}}};
}

Curves curves(const Scope& scope) {
  Curves all{.kinds = {}, .setting = "images"};
  for (const Size& size : sizes(scope)) {
    for (const char* activation : kActivations) {
      all.kinds.push_back({.activation = activation,
                           .setting = std::to_string(size.images),
                           .init = nn::Init::he_normal,
                           .course = {.depth = 2,
                                      .width = scope.quick ? 64 : 128,
                                      .epochs = size.epochs,
                                      .images = size.images,
                                      .tested = scope.quick ? 400U : 2000U,
                                      .evaluated = true}});
    }
  }
  return all;
}

std::vector<double> losses(const Readings& of_size, std::string_view activation,
                           std::string_view column) {
  return at_end(of_size.where("activation", activation), column);
}

// Whether one has the lowest test loss.
std::vector<Holds> beats_all(const Readings& of_size, std::string_view one) {
  std::vector<Holds> parts;
  const auto of_one = losses(of_size, one, "test_loss");
  for (const char* other : kActivations) {
    if (one != other) parts.push_back(less(of_one, losses(of_size, other, "test_loss")));
  }
  return parts;
}

std::string means(const Readings& of_size, std::string_view column) {
  Listed listed;
  for (const char* name : kActivations) listed.add(name, mean_of(losses(of_size, name, column)));
  return listed.text();
}

Chart chart_of(const Readings& readings, const char* column, const char* label, std::string title) {
  Chart chart{.file = column,
              .title = std::move(title),
              .kind = Chart::Kind::dots,
              .x = {.label = label, .log = true},
              .y = {}};
  for (const std::string& images : readings.values("images")) {
    chart.names.push_back(images + " images");
  }
  for (const char* name : kActivations) {
    Line line{name, {}};
    for (const std::string& images : readings.values("images")) {
      line.points.push_back(mean_point(static_cast<double>(line.points.size()),
                                       losses(readings.where("images", images), name, column)));
    }
    chart.lines.push_back(std::move(line));
  }
  return chart;
}

Outcome judge(const Readings& readings, const Scope& scope) {
  const Sizes size = sizes(scope);
  const Readings few = readings.where("images", size.front().images);
  const Readings all = readings.where("images", size.back().images);
  std::vector<Holds> parts = beats_all(all, "prelu");
  const auto rrelu = beats_all(few, "rrelu");
  parts.insert(parts.end(), rrelu.begin(), rrelu.end());
  Verdict verdict{
      .holds = all_hold(parts),
      .finding = fmt::format("Test losses: on {} images {}; on {} images {}", size.back().images,
                             means(all, "test_loss"), size.front().images, means(few, "test_loss")),
      .measured =
          fmt::format("test loss of {}: {}; of {}: {}", size.back().images, means(all, "test_loss"),
                      size.front().images, means(few, "test_loss")),
      .interval =
          difference(losses(all, "prelu", "test_loss"), losses(all, "relu", "test_loss")).interval,
      .tolerance = intervals_over(scope) + ", paired"};
  std::vector<Chart> figures;
  figures.push_back(chart_of(readings, "test_loss", "test loss (nats, log)", verdict.finding));
  figures.push_back(chart_of(
      readings, "train_loss", "training loss (nats, log)",
      fmt::format("Training losses: on {} images {}; on {} images {}", size.back().images,
                  means(all, "train_loss"), size.front().images, means(few, "train_loss"))));
  return {std::move(verdict), std::move(figures)};
}

std::string missing(const Readings& /*readings*/, const Scope& scope) {
  constexpr std::size_t kMany = 60'000;  // all that there are
  return unless_as_many(sizes(scope).back().images, kMany, "images");
}

}  // namespace

Experiment dataset_size() {
  return {.name = "dataset-size",
          .claim =
              "prelu is best where there are very many images; rrelu is best where there are few, "
              "since it over-fits least.",
          .source = "Xu et al. 2015, arXiv:1505.00853, as it is often summed up",
          .expected = "the lowest test loss with prelu on all images, with rrelu on 1 % of them",
          .setup =
              "Networks of two hidden layers of 128 units with relu, leaky_relu, prelu or rrelu "
              "learn 600, 6,000 or 60,000 images of Fashion-MNIST (60, 25 or 5 epochs) with Adam "
              "(learning rate 0.001, batches of 32). The claim holds where the loss on 2,000 test "
              "images is lower than that of each of the others by a paired 95 % interval: for "
              "prelu on 60,000 images, for rrelu on 600.",
          .method = Method::networks,
          .columns = columns_of(curves({})),
          .trials = trials_from(curves),
          .judge = judge,
          .missing = missing};
}

}  // namespace actfn::lab::experiments
