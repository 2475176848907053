// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/common.h"
#include "lab/experiments/step.h"
#include "lab/experiments/training.h"
#include "lab/speed.h"

#include <algorithm>
#include <array>
#include <memory>

namespace actfn::lab::experiments {
namespace {

constexpr std::size_t kElements = 16'384;
constexpr double kTie = 1.05;  // shorter differences are noise
constexpr std::array kTrained = {"relu", "leaky_relu", "sigmoid", "tanh",
                                 "gelu", "silu",       "mish",    "elu"};
constexpr std::array<int, 2> kHidden = {1, 2};
constexpr std::array<int, 2> kWidths = {128, 1024};

// Nanoseconds per element of every elementwise function, forward and backward, in one race each.
std::vector<Row> times(const char* name, Work work, bool quick) {
  Stopwatch watch(Type::float32, kElements);
  std::vector<std::function<void()>> calls;
  const auto functions = catalogue(Kind::elementwise);
  for (const FunctionInfo& info : functions) {
    calls.push_back(watch.elementwise_call(std::get<Activation>(info.example), work));
  }
  const auto ns = race(calls, (quick ? 1e7 : 1e8) * static_cast<double>(calls.size()));
  std::vector<Row> rows;
  for (std::size_t i = 0; i < ns.size(); ++i) {
    rows.push_back(row(name, functions[i].name, ns[i] / static_cast<double>(kElements)));
  }
  return rows;
}

std::vector<nn::Layer> network(const char* activation, int layers, int width) {
  return dense(widths_of(layers, width), activation);
}

// The share of a training step that forward and backward of the activation take: all in one race.
std::vector<Row> shares(int layers, int width, bool quick) {
  Stopwatch watch(Type::float32, kStepRows * static_cast<std::size_t>(width));
  std::vector<std::unique_ptr<Step>> steps;
  std::vector<std::function<void()>> calls;
  for (const char* name : kTrained) {
    steps.push_back(std::make_unique<Step>(network(name, layers, width)));
    calls.emplace_back([&step = *steps.back()] { step.run(); });
    calls.emplace_back([forward = watch.elementwise_call(parse(name), Work::value),
                        backward = watch.elementwise_call(parse(name), Work::backward)] {
      forward();
      backward();
    });
  }
  const auto ns = race(calls, (quick ? 2e7 : 2e8) * static_cast<double>(calls.size()));
  std::vector<Row> rows;
  for (std::size_t i = 0; i < kTrained.size(); ++i) {
    rows.push_back(row(fmt::format("share of {} x {}", layers, width), kTrained.at(i),
                       layers * ns[2 * i + 1] / ns[2 * i]));
  }
  return rows;
}

std::vector<Trial> trials(const Scope& scope) {
  const bool quick = scope.quick;
  std::vector<Trial> all = {
      timed("forward", [=] { return times("forward", Work::value, quick); }),
      timed("backward", [=] { return times("backward", Work::backward, quick); })};
  for (std::size_t i = 0; i < kHidden.size(); ++i) {
    all.push_back(timed(fmt::format("share-{}", kWidths.at(i)),
                        [=] { return shares(kHidden.at(i), kWidths.at(i), quick); }));
  }
  return all;
}

struct Ranked {
  std::string name;
  double forward, backward;
  double both() const { return forward + backward; }
};

// The fastest first.
std::vector<Ranked> ranking(const Readings& readings) {
  const Readings backward = readings.where("what", "backward");
  const Readings forward = readings.where("what", "forward");
  const auto names = forward.values("activation");
  const auto there = forward.numbers("value");
  const auto back = backward.numbers("value");
  std::vector<Ranked> all;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] != "identity" && names[i] != "step") all.push_back({names[i], there[i], back[i]});
  }
  std::ranges::sort(all, {}, &Ranked::both);
  return all;
}

Chart times_chart(const std::vector<Ranked>& all, const std::string& title) {
  Chart chart{.file = "times",
              .title = title,
              .kind = Chart::Kind::dots,
              .x = {.label = "nanoseconds per element of float32", .log = true},
              .y = {},
              .lines = {{"forward", {}}, {"backward", {}}}};
  for (const Ranked& r : all) {
    const auto at = static_cast<double>(chart.names.size());
    chart.names.push_back(r.name);
    chart.lines[0].points.push_back({at, r.forward});
    chart.lines[1].points.push_back({at, r.backward});
  }
  return chart;
}

std::string percents(const Line& shares) {
  const auto [least, most] = std::ranges::minmax_element(shares.points, {}, &Point::y);
  return fmt::format("{:.1f} to {:.1f} % of a training step of {}", least->y, most->y, shares.name);
}

Chart shares_chart(const Readings& readings) {
  Chart chart{.file = "shares",
              .title = {},
              .kind = Chart::Kind::dots,
              .x = {.label = "share of a training step on 32 rows, in per cent", .low = 0},
              .y = {},
              .names = {kTrained.begin(), kTrained.end()}};
  const std::array networks = {"784-128-10", "784-1024-1024-10"};
  for (std::size_t i = 0; i < networks.size(); ++i) {
    const auto what = fmt::format("share of {} x {}", kHidden.at(i), kWidths.at(i));
    Line line{networks.at(i), {}};
    for (const double share : readings.where("what", what).numbers("value")) {
      line.points.push_back({static_cast<double>(line.points.size()), 100 * share});
    }
    chart.lines.push_back(std::move(line));
  }
  chart.title = fmt::format("Forward and backward of the activation take {}, and {}",
                            percents(chart.lines[0]), percents(chart.lines[1]));
  return chart;
}

Outcome judge(const Readings& readings, const Scope& /*scope*/) {
  const auto all = ranking(readings);
  const auto both = [&](std::string_view name) {
    return std::ranges::find(all, name, &Ranked::name)->both();
  };
  const double relu = both("relu");
  const double leaky = both("leaky_relu");
  const auto as_fast = std::ranges::count_if(
      all, [&](const Ranked& r) { return r.both() <= kTie * all.front().both(); });
  const double second = all.at(all.front().name == "relu" ? 1 : 0).both();
  Verdict verdict{
      .holds = holds(relu <= kTie * all.front().both() && leaky <= kTie * second),
      .finding = fmt::format(
          "Of {} activations, {} are as fast as the fastest, to 5 %: relu takes "
          "{:.3f} ns an element, forward and backward, leaky_relu {:.2f} times as "
          "long, and {}, the slowest, {:.0f} times",
          all.size(), as_fast, relu, leaky / relu, all.back().name, all.back().both() / relu),
      .measured = fmt::format("fastest: {} {:.3f} ns; relu {:.3f} ns; leaky_relu {:.3f} ns",
                              all[0].name, all[0].both(), relu, leaky),
      .interval = {},
      .tolerance = "5 %"};
  Chart chart = times_chart(all, verdict.finding);
  return {std::move(verdict), {std::move(chart), shares_chart(readings)}};
}

}  // namespace

Experiment activation_cost() {
  return {.name = "activation-cost",
          .claim = "relu is the fastest activation, and leaky_relu the next.",
          .source = "Common advice; of relu's cheap computation also Glorot et al. 2011, AISTATS",
          .expected = "relu first, leaky_relu second, as far as can be measured",
          .setup =
              "The time per element of the forward and the backward pass of each elementwise "
              "activation is measured on 16,384 numbers of float32, by one thread; identity and "
              "step are left out of the ranking. The claim holds where relu, forward and backward "
              "together, takes at most 1.05 times the time of the fastest, and leaky_relu at most "
              "1.05 times that of the fastest beside relu.",
          .method = Method::timed,
          .columns = {"what", "activation", "value"},
          .trials = trials,
          .judge = judge};
}

}  // namespace actfn::lab::experiments
