// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/curves.h"
#include "lab/experiments/reached.h"

#include <algorithm>
#include <array>

namespace actfn::lab::experiments {
namespace {

constexpr std::array kActivations = {"elu", "relu", "leaky_relu(0.1)"};
constexpr std::span kOthers = std::span(kActivations).subspan(1);
constexpr std::array kDepths = {3, 5, 8, 11};
constexpr int kFrom = 5;  // layers on, which the claim is about
constexpr int kMiddle = 8;

// The paper's rule for its deeper networks.
Course course(const Scope& scope, int depth) {
  return shortened({.depth = depth,
                    .rule = nn::Sgd{.lr = 0.01, .momentum = 0.9},
                    .batch = 64,
                    .epochs = 8,
                    .images = 15'000,
                    .tested = 5000},
                   scope, {.epochs = 1, .images = 1500, .tested = 500});
}

Curves curves(const Scope& scope) {
  Curves all{.kinds = {}, .setting = "depth"};
  for (const int depth : kDepths) {
    for (const char* activation : kActivations) {
      all.kinds.push_back({.activation = activation,
                           .setting = std::to_string(depth),
                           .init = nn::Init::he_normal,
                           .course = course(scope, depth)});
    }
  }
  return all;
}

// elu's loss minus that of another, in the end.
PairedDifference lead(const Readings& readings, int depth, const char* other, const char* column) {
  const Readings deep = readings.where("depth", depth);
  return difference(at_end(deep.where("activation", "elu"), column),
                    at_end(deep.where("activation", other), column));
}

Chart chart_of(const Readings& readings, const char* column, const char* what) {
  Chart chart{.file = column,
              .title = {},
              .kind = Chart::Kind::dots,
              .x = {fmt::format("{} with elu minus that with the other, in nats", what)},
              .y = {},
              .marks = {{0, "no difference"}}};
  for (const int depth : kDepths) chart.names.push_back(fmt::format("{} hidden layers", depth));
  for (const char* other : kOthers) {
    Line line{other, {}};
    for (const int depth : kDepths) {
      const PairedDifference d = lead(readings, depth, other, column);
      line.points.push_back(
          {static_cast<double>(line.points.size()), d.mean, d.interval.low, d.interval.high});
    }
    chart.lines.push_back(std::move(line));
  }
  return chart;
}

// Whether elu's loss is below each of the others', at each depth of the claim.
std::vector<Holds> leads(const Readings& readings, const char* column) {
  std::vector<Holds> parts;
  for (const int depth : kDepths) {
    for (const char* other : kOthers) {
      if (depth < kFrom) continue;
      parts.push_back(is_below(lead(readings, depth, other, column).interval));
    }
  }
  return parts;
}

std::string count(const std::vector<Holds>& parts) {
  return fmt::format("{} of {} comparisons", std::ranges::count(parts, Holds::yes), parts.size());
}

Outcome judge(const Readings& readings, const Scope& scope) {
  const std::vector<Holds> learns = leads(readings, "train_loss");
  const std::vector<Holds> generalizes = leads(readings, "test_loss");
  const PairedDifference relu = lead(readings, kMiddle, "relu", "train_loss");
  const PairedDifference relu_test = lead(readings, kMiddle, "relu", "test_loss");
  Verdict verdict{
      .holds = all_hold({all_hold(learns), all_hold(generalizes)}),
      .finding = fmt::format("With {} hidden layers or more, {}, elu has the lower training loss "
                             "in {}, and the lower test loss in {}{}",
                             kFrom, after(course(scope, 0)), count(learns), count(generalizes),
                             diverged(readings)),
      .measured = fmt::format("{} layers, elu - relu: training loss {}, test loss {}", kMiddle,
                              with_reach(relu), with_reach(relu_test)),
      .interval = relu.interval,
      .tolerance = intervals_over(scope) + ", paired"};
  Chart train = chart_of(readings, "train_loss", "training loss");
  Chart test = chart_of(readings, "test_loss", "test loss");
  train.title = verdict.finding;
  test.title = fmt::format("With {} hidden layers or more, elu has the lower test loss in {}",
                           kFrom, count(generalizes));
  return {std::move(verdict), {std::move(train), std::move(test)}};
}

std::string missing(const Readings& readings, const Scope& /*scope*/) {
  std::vector<Progress> all;
  for (const int depth : kDepths) {
    if (depth < kFrom) continue;
    for (Progress& p : progress(readings.where("depth", depth), kActivations, "train_loss")) {
      p.name += fmt::format(" in {} layers", depth);
      all.push_back(std::move(p));
    }
  }
  return unless_all_learned(all);
}

}  // namespace

Experiment elu_depth() {
  return {.name = "elu-depth",
          .claim =
              "From five layers on, networks learn faster and generalize better with elu than with "
              "relu and leaky_relu.",
          .source = "Clevert et al. 2015, arXiv:1511.07289, of more than five layers",
          .expected = "lower training and test loss with elu, with 5, 8 and 11 hidden layers",
          .setup =
              "Networks of 3, 5, 8 and 11 hidden layers of 128 units learn 15,000 images of "
              "Fashion-MNIST in 8 epochs with SGD (learning rate 0.01, momentum 0.9, batches of "
              "64) from He's initialisation. The claim holds where, with 5, 8 and 11 layers, the "
              "training loss and the loss on 5,000 test images are lower with elu than with relu "
              "and leaky_relu(0.1), by 95 % intervals paired by seed.",
          .method = Method::networks,
          .columns = columns_of(curves({})),
          .trials = trials_from(curves),
          .judge = judge,
          .missing = missing};
}

}  // namespace actfn::lab::experiments
