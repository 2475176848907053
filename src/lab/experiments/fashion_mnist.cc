// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/curves.h"
#include "lab/experiments/reached.h"

#include <algorithm>
#include <array>
#include <utility>

namespace actfn::lab::experiments {
namespace {

// What one run in PyTorch gave.
struct Published {
  const char* activation;
  double first, last;  // training loss of epochs 1 and 5
  double accuracy;     // of the test
};
constexpr std::array<Published, 4> kPublished = {{{"sigmoid", 0.5449, 0.3115, 0.873},
                                                  {"relu", 0.5030, 0.2980, 0.869},
                                                  {"leaky_relu(0.3)", 0.5097, 0.3339, 0.852},
                                                  {"gelu", 0.4907, 0.2819, 0.878}}};

// From the lowest loss on.
using Order = std::array<const char*, 4>;
constexpr Order kFirst = {"gelu", "relu", "leaky_relu(0.3)", "sigmoid"};
constexpr Order kLast = {"gelu", "relu", "sigmoid", "leaky_relu(0.3)"};

Course course(const Scope& scope) {
  return shortened({}, scope, {.epochs = 2, .images = 5000, .tested = 2000});
}

Curves curves(const Scope& scope) {
  Curves all;
  for (const Published& p : kPublished) {
    all.kinds.push_back({.activation = p.activation, .course = course(scope)});
  }
  return all;
}

Readings of(const Readings& readings, const char* activation) {
  return readings.where("activation", activation);
}

// Whether each of the losses is below that of the next.
std::vector<Holds> in_order(const Readings& readings, int epoch, const Order& order) {
  std::vector<Holds> parts;
  for (std::size_t i = 0; i + 1 < order.size(); ++i) {
    const auto low = at_epoch(of(readings, order.at(i)), epoch, "train_loss");
    const auto high = at_epoch(of(readings, order.at(i + 1)), epoch, "train_loss");
    parts.push_back(is_below(difference(low, high).interval));
  }
  return parts;
}

// The means, from the lowest on.
std::string ranking(const Readings& readings, int epoch) {
  std::vector<std::pair<double, std::string>> means;
  for (const Published& p : kPublished) {
    const auto losses = at_epoch(of(readings, p.activation), epoch, "train_loss");
    means.emplace_back(mean_of(losses), p.activation);
  }
  std::ranges::sort(means);
  std::string text;
  for (const auto& [loss, name] : means) {
    text += fmt::format("{}{} {:.4f}", text.empty() ? "" : ", ", name, loss);
  }
  return text;
}

// Our numbers beside PyTorch's: of an activation and an epoch in each row.
Chart beside_pytorch(const Readings& readings) {
  Chart chart{.file = "pytorch",
              .title = {},
              .kind = Chart::Kind::dots,
              .x = {"training loss of an epoch, in nats"},
              .y = {},
              .lines = {{"here, mean over seeds", {}}, {"PyTorch, one run", {}}}};
  double most = 0;
  const int last = last_epoch(readings);
  for (const Published& p : kPublished) {
    for (const auto& [epoch, loss] : {std::pair(1, p.first), std::pair(last, p.last)}) {
      const auto at = static_cast<double>(chart.names.size());
      const Point mean = mean_point(at, at_epoch(of(readings, p.activation), epoch, "train_loss"));
      chart.names.push_back(fmt::format("{}, epoch {}", p.activation, epoch));
      chart.lines[0].points.push_back(mean);
      chart.lines[1].points.push_back({at, loss});
      most = std::max(most, std::fabs(mean.y - loss));
    }
  }
  chart.title = fmt::format("One run of PyTorch differs by {:.3f} at most", most);
  return chart;
}

Chart accuracy_chart(const Readings& readings, const Scope& scope) {
  Chart chart{.file = "accuracy",
              .title = {},
              .kind = Chart::Kind::dots,
              .x = {"share of test images that are classified correctly"},
              .y = {},
              .lines = {ends(readings, "here, mean over seeds", "test_accuracy")}};
  for (const Published& p : kPublished) chart.names.emplace_back(p.activation);
  if (!scope.quick) {
    Line theirs{"PyTorch, one run", {}};
    for (const Published& p : kPublished) {
      theirs.points.push_back({static_cast<double>(theirs.points.size()), p.accuracy});
    }
    chart.lines.push_back(std::move(theirs));
  }
  const auto best = std::ranges::max_element(chart.lines[0].points, {}, &Point::y);
  const auto at = static_cast<std::size_t>(best - chart.lines[0].points.begin());
  chart.title = fmt::format("{} classifies {:.1f} % of the test images correctly, the most",
                            chart.names[at], 100 * best->y);
  return chart;
}

Outcome judge(const Readings& readings, const Scope& scope) {
  const int last = last_epoch(readings);
  std::vector<Holds> parts = in_order(readings, 1, kFirst);
  for (const Holds part : in_order(readings, last, kLast)) parts.push_back(part);
  const auto losses = [&](const char* name) {
    return at_epoch(of(readings, name), last, "train_loss");
  };
  const PairedDifference lead = difference(losses("gelu"), losses("relu"));
  Verdict verdict{
      .holds = all_hold(parts),
      .finding = fmt::format("The training loss of epoch {} on {} images: {}{}", last,
                             course(scope).images, ranking(readings, last), diverged(readings)),
      .measured = fmt::format("epoch 1: {}; epoch {}: {}; gelu - relu {}", ranking(readings, 1),
                              last, ranking(readings, last), with_reach(lead)),
      .interval = lead.interval,
      .tolerance =
          fmt::format("each below the next by a 95 % interval over {} seeds, paired", scope.seeds)};
  std::vector<Chart> figures = {
      curves_chart(readings, "train_loss", "training loss, in nats; mean over seeds")};
  figures[0].title = verdict.finding;
  if (!scope.quick) figures.push_back(beside_pytorch(readings));
  figures.push_back(accuracy_chart(readings, scope));
  return {std::move(verdict), std::move(figures)};
}

std::string missing(const Readings& readings, const Scope& /*scope*/) {
  constexpr std::size_t kEpochs = 5;  // the claim is about the fifth
  return unless_as_many(static_cast<std::size_t>(last_epoch(readings)), kEpochs, "epochs");
}

}  // namespace

Experiment fashion_mnist() {
  return {.name = "fashion-mnist",
          .claim =
              "On Fashion-MNIST gelu has the lowest training loss from the first epoch to the "
              "fifth, and relu the next; sigmoid begins with the highest, and ends below "
              "leaky_relu with the slope 0.3.",
          .source = "One run in PyTorch of Keras' usual first network, 784-128-10",
          .expected =
              "training loss of epochs 1 and 5: gelu 0.4907, 0.2819; relu 0.5030, 0.2980; "
              "leaky_relu(0.3) 0.5097, 0.3339; sigmoid 0.5449, 0.3115",
          .setup =
              "Networks of one hidden layer of 128 units (784-128-10) learn the 60,000 images of "
              "Fashion-MNIST in 5 epochs with Adam (learning rate 0.001, batches of 32) and are "
              "compared with one published run in PyTorch. The claim holds where the training "
              "losses of the epochs 1 and 5 have the published order, each below the next by a 95 "
              "% interval paired by seed.",
          .method = Method::networks,
          .columns = columns_of(curves({})),
          .trials = trials_from(curves),
          .judge = judge,
          .missing = missing};
}

}  // namespace actfn::lab::experiments
