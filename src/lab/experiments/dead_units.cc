// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/curves.h"

#include <algorithm>
#include <array>

namespace actfn::lab::experiments {
namespace {

constexpr std::array kActivations = {"relu", "leaky_relu", "elu", "gelu"};
constexpr std::array kRates = {"0.001", "0.003", "0.01", "0.03"};
constexpr std::array kRateValues = {0.001, 0.003, 0.01, 0.03};
constexpr const char* kHigh = kRates.back();  // thirty times the usual one

Course course(const Scope& scope, double rate) {
  return shortened({.depth = 2, .rule = adam(rate), .epochs = 3, .images = 20'000, .tested = 2000},
                   scope, {.epochs = 1, .images = 3000, .tested = 500});
}

Curves curves(const Scope& scope) {
  Curves all{.kinds = {},
             .setting = "learning_rate",
             .units = {.columns = {"dead"},
                       .read = [](auto layers) { return std::vector{share_of_dead(layers)}; },
                       .samples = scope.quick ? 1000U : 10'000U}};
  for (std::size_t i = 0; i < kRates.size(); ++i) {
    for (const char* activation : kActivations) {
      all.kinds.push_back({.activation = activation,
                           .setting = kRates.at(i),
                           .course = course(scope, kRateValues.at(i))});
    }
  }
  return all;
}

std::vector<double> dead(const Readings& readings, const char* activation, const char* rate) {
  return at_end(readings.where("activation", activation).where("learning_rate", rate), "dead");
}

// Of an activation whose units are said not to die.
Holds none(const std::vector<double>& shares) {
  if (std::ranges::all_of(shares, [](double v) { return v == 0; })) return Holds::yes;
  return is_above(mean_interval(shares)) == Holds::yes ? Holds::no : Holds::undecided;
}

Chart chart_of(const Readings& readings, const std::string& title) {
  Chart chart{.file = "dead",
              .title = title,
              .x = {.label = "learning rate (log)", .log = true},
              .y = {.label = "share of hidden units that are dead; mean over seeds", .low = 0}};
  for (const char* activation : kActivations) {
    Line line{activation, {}};
    for (std::size_t i = 0; i < kRates.size(); ++i) {
      line.points.push_back(
          mean_point(kRateValues.at(i), dead(readings, activation, kRates.at(i))));
    }
    chart.lines.push_back(std::move(line));
  }
  return chart;
}

Outcome judge(const Readings& readings, const Scope& scope) {
  // Some units are dead before training, and with any rate.
  const PairedDifference died =
      difference(dead(readings, "relu", kHigh), dead(readings, "relu", kRates.front()));
  std::vector<Holds> parts;
  std::string shares;
  for (const char* activation : kActivations) {
    const std::vector<double> of = dead(readings, activation, kHigh);
    const bool relu = std::string_view(activation) == "relu";
    parts.push_back(relu ? is_above(died.interval) : none(of));
    shares +=
        fmt::format("{}{} {:.1f} %", shares.empty() ? "" : ", ", activation, 100 * mean_of(of));
  }
  const double usual = mean_of(dead(readings, "relu", kRates.front()));
  Verdict verdict{
      .holds = all_hold(parts),
      .finding = fmt::format("Dead units at the learning rate {}: {}; at {}: relu {:.1f} %", kHigh,
                             shares, kRates.front(), 100 * usual),
      .measured = fmt::format("{}; relu at {} - at {}: {}", shares, kHigh, kRates.front(),
                              with_reach(died)),
      .interval = died.interval,
      .tolerance = fmt::format("95 % interval over {} seeds, paired; 0 is exactly 0", scope.seeds)};
  Chart chart = chart_of(readings, verdict.finding);
  return {std::move(verdict), {std::move(chart)}};
}

}  // namespace

Experiment dead_units() {
  return {.name = "dead-units",
          .claim =
              "A high learning rate kills units of relu, which are 0 for all images from then on; "
              "leaky_relu, elu and gelu lose none.",
          .source = "Maas et al. 2013, ICML; Stanford's CS231n, Neural Networks Part 1",
          .expected = "relu: more than at the usual rate; leaky_relu, elu, gelu: 0",
          .setup =
              "Networks of two hidden layers of 128 units learn 20,000 images of Fashion-MNIST in "
              "3 epochs with Adam, at learning rates from 0.001 to 0.03. A unit is dead where its "
              "derivative is 0 for all of 10,000 training images. The claim holds where relu has "
              "more dead units at 0.03 than at 0.001, by a paired 95 % interval, and leaky_relu, "
              "elu and gelu have none at 0.03.",
          .method = Method::networks,
          .columns = columns_of(curves({})),
          .trials = trials_from(curves),
          .judge = judge};
}

}  // namespace actfn::lab::experiments
