// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/curves.h"
#include "lab/experiments/draws.h"
#include "lab/experiments/elementwise_names.h"
#include "lab/experiments/reached.h"
#include "lab/networks.h"
#include "lab/report_text.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace actfn::lab::experiments {
namespace {

// From the best to the worst, as the rule has it.
constexpr std::array kRule = {"selu", "elu", "leaky_relu", "relu", "tanh", "sigmoid"};
constexpr std::array kRates = {1e-3, 3e-3};
constexpr std::array kTrainedOnly = {"prelu", "rrelu"};  // beside the elementwise ones
constexpr double kNear = 0.04;  // to the best accuracy: what is further below has its own picture

std::vector<std::string> activations(const Scope& scope) {
  std::vector<std::string> names(kRule.begin(), kRule.end());
  if (scope.quick) return names;
  for (const std::string& name : elementwise_names()) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  names.insert(names.end(), kTrainedOnly.begin(), kTrainedOnly.end());
  return names;
}

nn::Init init_for(const std::string& activation) {
  CompareSettings settings;
  settings.init = "auto";
  return init_of(settings, Nonlinearity(nn::parse_layers(activation)));
}

Curves curves(const Scope& scope) {
  Curves all{.kinds = {}, .setting = "rate"};
  for (const std::string& activation : activations(scope)) {
    for (const double rate : kRates) {
      all.kinds.push_back({.activation = activation,
                           .setting = cell(rate),
                           .init = init_for(activation),
                           .course = {.depth = 3,
                                      .width = 64,
                                      .rule = nn::Adam{.lr = rate},
                                      .epochs = scope.quick ? 2 : 6,
                                      .images = scope.quick ? 1000U : 9000U,
                                      .tested = scope.quick ? 500U : 2000U}});
    }
  }
  return all;
}

// With the rate that has the lower training loss.
struct Chosen {
  std::string activation, rate;
  std::vector<double> accuracies;  // of the test images, by seed
};

Chosen chosen(const Readings& readings, const std::string& activation) {
  const Readings of = readings.where("activation", activation);
  const std::string rate = best_setting(of, "rate", "train_loss");
  return {activation, rate, at_end(of.where("rate", rate), "test_accuracy")};
}

// The middle 95 % of the means of resampled values. Efron 1979.
Point bootstrapped(double x, const std::vector<double>& values) {
  constexpr std::size_t kSamples = 4000;
  Draws draws(1979);
  std::vector<double> means;
  for (std::size_t i = 0; i < kSamples; ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < values.size(); ++k) sum += values[draws.below(values.size())];
    means.push_back(sum / static_cast<double>(values.size()));
  }
  std::ranges::sort(means);
  constexpr std::size_t kBeyond = kSamples / 40;
  return {x, mean_of(values), means[kBeyond], means[kSamples - 1 - kBeyond]};
}

std::vector<Chosen> ranking(const Readings& readings) {
  std::vector<Chosen> all;
  for (const std::string& name : readings.values("activation")) {
    all.push_back(chosen(readings, name));
  }
  std::ranges::stable_sort(all, [](const Chosen& a, const Chosen& b) {
    return mean_of(a.accuracies) > mean_of(b.accuracies);
  });
  return all;
}

bool in_rule(const Chosen& c) { return std::ranges::find(kRule, c.activation) != kRule.end(); }

// Without lines.
Chart empty_chart(const char* file, std::string title) {
  return {.file = file,
          .title = std::move(title),
          .kind = Chart::Kind::dots,
          .x = {"accuracy on test images: mean over seeds, with a bootstrap interval"}};
}

void add_row(Chart& chart, Line& line, const Chosen& c) {
  line.points.push_back(bootstrapped(static_cast<double>(chart.names.size()), c.accuracies));
  chart.names.push_back(fmt::format("{}, rate {}", c.activation, c.rate));
}

// In the order of the rule: each should be further to the left than the one above it.
Chart rule_chart(const std::vector<Chosen>& of_rule, std::string title) {
  Chart chart = empty_chart("rule", std::move(title));
  Line line{"accuracy", {}};
  for (const Chosen& c : of_rule) add_row(chart, line, c);
  chart.lines = {std::move(line)};
  return chart;
}

// In the order of the accuracies: those of the rule, and the others.
Chart ranking_chart(const char* file, std::span<const Chosen> ranked, std::string title) {
  Chart chart = empty_chart(file, std::move(title));
  Line of_rule{"in the rule", {}};
  Line others{"not in the rule", {}};
  for (const Chosen& c : ranked) add_row(chart, in_rule(c) ? of_rule : others, c);
  for (Line* line : {&of_rule, &others}) {
    if (!line->points.empty()) chart.lines.push_back(std::move(*line));
  }
  return chart;
}

// How many come first: those near the best, where differences show, and all of the rule.
std::size_t count_near(std::span<const Chosen> ranked) {
  const double least = mean_of(ranked.front().accuracies) - kNear;
  std::size_t count = ranked.size();
  while (!in_rule(ranked[count - 1]) && mean_of(ranked[count - 1].accuracies) < least) --count;
  return count;
}

// "9, 16 and 18"
std::string places_of_rule(const std::vector<Chosen>& ranked) {
  std::vector<std::string> places;
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    if (in_rule(ranked[i])) places.push_back(fmt::format("{}", i + 1));
  }
  return report::listing(places, places.size());
}

std::string best_of(const std::vector<Chosen>& ranked) {
  return fmt::format("best of {} activations is {} with {:.3f}", ranked.size(),
                     ranked.front().activation, mean_of(ranked.front().accuracies));
}

std::vector<Chart> figures(const std::vector<Chosen>& of_rule, const std::vector<Chosen>& ranked,
                           std::string title) {
  std::vector<Chart> all = {rule_chart(of_rule, std::move(title))};
  if (ranked.size() == of_rule.size()) return all;
  const std::size_t count = count_near(ranked);
  all.push_back(ranking_chart("ranking", std::span(ranked).first(count),
                              fmt::format("The {}; those of the rule are in the places {}",
                                          best_of(ranked), places_of_rule(ranked))));
  if (count == ranked.size()) return all;
  all.push_back(ranking_chart(
      "far", std::span(ranked).subspan(count),
      fmt::format(
          "{} of {} activations are more than {:.0f} points below the best, {} last with {:.3f}",
          ranked.size() - count, ranked.size(), 100 * kNear, ranked.back().activation,
          mean_of(ranked.back().accuracies))));
  return all;
}

// Of each two neighbours in the rule, whether the first is better.
std::vector<Holds> neighbours(const std::vector<Chosen>& of_rule) {
  std::vector<Holds> parts;
  for (std::size_t i = 0; i + 1 < of_rule.size(); ++i) {
    parts.push_back(less(of_rule[i + 1].accuracies, of_rule[i].accuracies));
  }
  return parts;
}

// What the neighbours say.
std::string seen(const std::vector<Holds>& parts) {
  std::vector<std::string> told;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i] == Holds::undecided) continue;
    told.push_back(fmt::format("{} is {}better than {}", kRule.at(i),
                               parts[i] == Holds::yes ? "" : "not ", kRule.at(i + 1)));
  }
  if (told.empty()) return "No two neighbours in the rule can be told apart by test accuracy";
  const bool all = told.size() == parts.size();
  return fmt::format("By test accuracy {}{}", fmt::join(told, ", "),
                     all ? "" : "; other neighbours in the rule cannot be told apart");
}

Outcome judge(const Readings& readings, const Scope& scope) {
  std::vector<Chosen> of_rule;
  for (const char* name : kRule) of_rule.push_back(chosen(readings, name));
  const auto parts = neighbours(of_rule);
  const std::vector<Chosen> ranked = ranking(readings);
  Listed listed;
  for (const Chosen& c : ranked) {
    if (in_rule(c)) listed.add(c.activation, mean_of(c.accuracies));
  }
  Verdict verdict{
      .holds = all_hold(parts),
      .finding = fmt::format("{}: {}; the {}", seen(parts), listed.text(), best_of(ranked)),
      .measured = listed.text(),
      .interval = difference(of_rule[0].accuracies, of_rule[1].accuracies).interval,
      .tolerance = intervals_over(scope) + " of the differences of neighbours"};
  return {std::move(verdict), figures(of_rule, ranked, seen(parts))};
}

std::string missing(const Readings& readings, const Scope& /*scope*/) {
  std::vector<Progress> losses;
  for (const char* name : kRule) {
    const Readings of = readings.where("activation", name);
    const Readings best = of.where("rate", best_setting(of, "rate", "train_loss"));
    losses.push_back({name, at_end(best, "train_loss")});
  }
  return unless_all_learned(losses);
}

}  // namespace

Experiment choosing() {
  return {.name = "choosing",
          .claim =
              "As a rule of thumb, activations are better in the order selu, elu, leaky_relu, "
              "relu, tanh, sigmoid.",
          .source = "Géron 2019, Hands-On Machine Learning, second edition, chapter 11",
          .expected = "each is better than the next",
          .setup =
              "Networks of three hidden layers of 64 units learn 9,000 images of Fashion-MNIST in "
              "6 epochs with Adam, at the learning rates 0.001 and 0.003; the rate with the lower "
              "training loss counts. The claim holds where each activation of the rule has a "
              "higher accuracy on 2,000 test images than the next, by 95 % intervals paired by "
              "seed; other activations are measured, but not judged.",
          .method = Method::networks,
          .columns = columns_of(curves({})),
          .trials = trials_from(curves),
          .judge = judge,
          .missing = missing};
}

}  // namespace actfn::lab::experiments
