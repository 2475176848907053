// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/dropout.h"
#include "lab/experiments/reached.h"

#include <algorithm>
#include <array>

namespace actfn::lab::experiments {
namespace {

constexpr std::array kActivations = {"relu", "sigmoid", "tanh"};

// Few images, so that networks over-fit soon.
Course course(const Scope& scope) {
  return shortened({.depth = 2, .epochs = 40, .images = 5000, .tested = 5000, .evaluated = true},
                   scope, {.epochs = 3, .images = 1500, .tested = 500});
}

Curves curves(const Scope& scope) {
  Curves all = with_dropout(kActivations, {.activation = {}, .course = course(scope)});
  all.units = {.columns = {"zeros"},
               .read = [](auto layers) { return std::vector{share_of_zeros(layers)}; }};
  return all;
}

// By how much the test loss is above the training loss in the end.
Chart gaps_chart(const Readings& readings) {
  Chart chart{.file = "gaps",
              .title = {},
              .kind = Chart::Kind::dots,
              .x = {"test loss minus training loss after the last epoch, in nats"},
              .y = {},
              .names = {kActivations.begin(), kActivations.end()}};
  for (const char* dropout : kDropouts) {
    Line line{fmt::format("dropout {}", dropout), {}};
    for (const char* activation : kActivations) {
      const Readings kind = of(readings, activation, dropout);
      const auto d = difference(at_end(kind, "test_loss"), at_end(kind, "train_loss"));
      line.points.push_back(
          {static_cast<double>(line.points.size()), d.mean, d.interval.low, d.interval.high});
    }
    chart.lines.push_back(std::move(line));
  }
  chart.title = fmt::format(
      "Dropout changes relu's gap between test and training loss from {:.2f} "
      "to {:.2f}, and sigmoid's from {:.2f} to {:.2f}",
      chart.lines[0].points[0].y, chart.lines[1].points[0].y, chart.lines[0].points[1].y,
      chart.lines[1].points[1].y);
  return chart;
}

std::vector<Chart> figures(const Readings& readings, const std::string& finding) {
  const Readings plain = readings.where("dropout", kNoDropout);
  Chart zeros = curves_chart(plain, "zeros", "share of units' outputs that are 0; mean over seeds");
  Chart losses = curves_chart(plain, "test_loss", "test loss, in nats; mean over seeds");
  zeros.y.low = 0;
  zeros.title = finding;
  losses.title = "The test loss without dropout ends at " + ends_of(losses);
  return {std::move(zeros), std::move(losses), gaps_chart(readings)};
}

Outcome judge(const Readings& readings, const Scope& scope) {
  const auto zeros = [&](const char* activation) {
    return at_end(of(readings, activation, kNoDropout), "zeros");
  };
  const Interval relu = mean_interval(zeros("relu"));
  const auto relu_best = lowest_test_loss(of(readings, "relu", kNoDropout)).epochs;
  const auto sigmoid_best = lowest_test_loss(of(readings, "sigmoid", kNoDropout)).epochs;
  const PairedDifference sooner = difference(relu_best, sigmoid_best);
  const std::array parts = {is_above(relu, 0.5), is_below(mean_interval(zeros("sigmoid")), 0.01),
                            is_below(mean_interval(zeros("tanh")), 0.01),
                            is_below(sooner.interval)};
  const double share = mean_of(zeros("relu"));
  Verdict verdict{
      .holds = all_hold(parts),
      .finding =
          fmt::format("{:.0f} % of the outputs of relu's units are 0, {:.0f} % of sigmoid's "
                      "and {:.0f} % of tanh's; the test loss is lowest after {:.1f} epochs "
                      "with relu, and after {:.1f} with sigmoid, of {}",
                      100 * share, 100 * mean_of(zeros("sigmoid")), 100 * mean_of(zeros("tanh")),
                      mean_of(relu_best), mean_of(sigmoid_best), course(scope).epochs),
      .measured =
          fmt::format("zeros of relu {:.4f}; epochs, relu - sigmoid {}", share, with_reach(sooner)),
      .interval = sooner.interval,
      .tolerance = fmt::format("95 % intervals over {} seeds; of epochs: paired", scope.seeds)};
  std::vector<Chart> all = figures(readings, verdict.finding);
  return {std::move(verdict), std::move(all)};
}

// Where relu has over-fitted, sigmoid may still come to it.
std::string missing(const Readings& readings, const Scope& /*scope*/) {
  return unless_over_fitted(readings.where("dropout", kNoDropout), std::array{"relu"});
}

}  // namespace

Experiment relu_sparsity() {
  return {.name = "relu-sparsity",
          .claim =
              "More than half of the outputs of relu's units are 0, where sigmoid and tanh have no "
              "zeros; but relu over-fits sooner than sigmoid.",
          .source = "Glorot et al. 2011, AISTATS; of over-fitting: common advice",
          .expected =
              "zeros: relu above 0.5, sigmoid and tanh 0; relu's test loss is lowest at an earlier "
              "epoch than sigmoid's",
          .setup =
              "Networks with two hidden layers of 128 units are trained with relu, sigmoid and "
              "tanh on 5,000 images of Fashion-MNIST for 40 epochs (Adam, rate 0.001, batches of "
              "32). The claim holds if the 95 % intervals of the share of zeros on 1,000 training "
              "images are above 0.5 for relu and below 0.01 for the others, and relu's test loss "
              "is lowest earlier than sigmoid's.",
          .method = Method::networks,
          .columns = columns_of(curves({})),
          .trials = trials_from(curves),
          .judge = judge,
          .missing = missing};
}

}  // namespace actfn::lab::experiments
