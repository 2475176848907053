// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/curves.h"
#include "lab/experiments/reached.h"
#include "lab/experiments/step.h"
#include "lab/speed.h"

#include <array>
#include <memory>

namespace actfn::lab::experiments {
namespace {

struct Pair {
  const char* hard;
  const char* soft;
};
constexpr std::array<Pair, 3> kPairs = {
    {{"hardtanh", "tanh"}, {"hardsigmoid", "sigmoid"}, {"hardswish", "swish"}}};
constexpr double kPoint = 0.01;
constexpr double kTrained = 0.8;  // accuracy of networks whose forms can be compared

Course course(const Scope& scope) {
  return shortened({.depth = 2, .epochs = 5, .images = 30'000}, scope,
                   {.epochs = 1, .images = 2000, .tested = 1000});
}

Curves curves(const Scope& scope) {
  Curves all;
  for (const Pair& pair : kPairs) {
    for (const char* activation : {pair.soft, pair.hard}) {
      all.kinds.push_back({.activation = activation, .course = course(scope)});
    }
  }
  return all;
}

// Microseconds of a step with each activation: all in one race.
std::vector<Row> times(bool quick) {
  std::vector<std::unique_ptr<Step>> steps;
  std::vector<std::function<void()>> calls;
  std::vector<const char*> names;
  for (const Pair& pair : kPairs) {
    for (const char* activation : {pair.soft, pair.hard}) {
      names.push_back(activation);
      steps.push_back(std::make_unique<Step>(dense({784, 128, 128, 10}, activation)));
      calls.emplace_back([&step = *steps.back()] { step.run(); });
    }
  }
  const auto ns = race(calls, (quick ? 5e7 : 5e8) * static_cast<double>(calls.size()));
  std::vector<Row> rows;
  for (std::size_t i = 0; i < ns.size(); ++i) {
    rows.push_back(row("step", names[i], 0, ns[i] / 1000));
  }
  return rows;
}

// What each training ends with.
std::vector<Trial> accuracies(const Scope& scope) {
  std::vector<Trial> all = trials_of(curves(scope), scope);
  for (Trial& trial : all) {
    trial.measure = [train = trial.measure,
                     columns = columns_of(curves(scope))](const Materials& m) -> std::vector<Row> {
      const Readings epochs(columns, train(m));
      const Readings last = epochs.where("epoch", last_epoch(epochs));
      return {row("accuracy", last.values("activation")[0], last.values("seed")[0],
                  last.number("test_accuracy"))};
    };
  }
  return all;
}

std::vector<Trial> trials(const Scope& scope) {
  std::vector<Trial> all = accuracies(scope);
  all.push_back(timed("times", [quick = scope.quick] { return times(quick); }));
  return all;
}

std::vector<double> values(const Readings& readings, const char* what, const char* activation) {
  return readings.where("what", what).where("activation", activation).numbers("value");
}

// The hard form's accuracy minus the soft one's.
PairedDifference gain(const Readings& readings, const Pair& pair) {
  return difference(values(readings, "accuracy", pair.hard),
                    values(readings, "accuracy", pair.soft));
}

// The time of a step with the hard form, as a multiple of that with the soft one.
double ratio(const Readings& readings, const Pair& pair) {
  return values(readings, "step", pair.hard)[0] / values(readings, "step", pair.soft)[0];
}

Chart gains_chart(const Readings& readings) {
  Chart chart{.file = "accuracy",
              .title = {},
              .kind = Chart::Kind::dots,
              .x = {"test accuracy of the hard form minus that of the soft one, in points"},
              .y = {},
              .lines = {{"difference, mean over seeds", {}}},
              .marks = {{-100 * kPoint, "one point less"}, {0, ""}}};
  for (const Pair& pair : kPairs) {
    const PairedDifference d = gain(readings, pair);
    const auto at = static_cast<double>(chart.names.size());
    chart.names.push_back(fmt::format("{} for {}", pair.hard, pair.soft));
    chart.lines[0].points.push_back(
        {at, 100 * d.mean, 100 * d.interval.low, 100 * d.interval.high});
  }
  return chart;
}

Chart times_chart(const Readings& readings) {
  Chart chart{.file = "times",
              .title = {},
              .kind = Chart::Kind::dots,
              .x = {.label = "microseconds of a training step on 32 rows", .low = 0},
              .y = {},
              .lines = {{"soft", {}}, {"hard", {}}}};
  std::string ratios;
  for (const Pair& pair : kPairs) {
    const auto at = static_cast<double>(chart.names.size());
    chart.names.push_back(fmt::format("{}, {}", pair.soft, pair.hard));
    chart.lines[0].points.push_back({at, values(readings, "step", pair.soft)[0]});
    chart.lines[1].points.push_back({at, values(readings, "step", pair.hard)[0]});
    ratios +=
        fmt::format("{}{:.2f} ({})", ratios.empty() ? "" : ", ", ratio(readings, pair), pair.hard);
  }
  chart.title = "Time of a step, as a multiple of the soft form's: " + ratios;
  return chart;
}

Outcome judge(const Readings& readings, const Scope& scope) {
  std::vector<Holds> parts;
  std::string measured;
  for (const Pair& pair : kPairs) {
    const PairedDifference d = gain(readings, pair);
    parts.push_back(is_above(d.interval, -kPoint));
    measured += fmt::format("{}{} {:+.2f} ± {:.2f} points, {:.2f} times the time",
                            measured.empty() ? "" : "; ", pair.hard, 100 * d.mean,
                            100 * d.resolution(), ratio(readings, pair));
  }
  Verdict verdict{
      .holds = all_hold(parts),
      .finding = fmt::format("Beside the soft forms, {}: {}", after(course(scope)), measured),
      .measured = measured,
      .interval = gain(readings, kPairs.back()).interval,
      .tolerance =
          fmt::format("one point less, 95 % intervals over {} seeds, paired", scope.seeds)};
  Chart gains = gains_chart(readings);
  gains.title = verdict.finding;
  return {std::move(verdict), {std::move(gains), times_chart(readings)}};
}

std::string missing(const Readings& readings, const Scope& /*scope*/) {
  std::vector<Progress> soft;
  for (const Pair& pair : kPairs) {
    soft.push_back({pair.soft, values(readings, "accuracy", pair.soft)});
  }
  return unless_all_reach(kTrained, soft);
}

}  // namespace

Experiment hard_forms() {
  return {.name = "hard-forms",
          .claim =
              "hardtanh, hardsigmoid and hardswish cost a network at most one point of accuracy "
              "where they take the place of tanh, sigmoid and swish.",
          .source =
              "Collobert 2004; Courbariaux et al. 2015, arXiv:1511.00363; Howard et al. 2019, "
              "arXiv:1905.02244",
          .expected = "test accuracy at most 0.01 below that of the soft form",
          .setup =
              "Networks of two hidden layers of 128 units with tanh, sigmoid, swish or their hard "
              "forms learn 30,000 images of Fashion-MNIST in 5 epochs with Adam (learning rate "
              "0.001, batches of 32); training steps are timed, but not judged. The claim holds "
              "where, for each pair, the 95 % interval of the hard form's accuracy on 10,000 test "
              "images minus the soft form's, paired by seed, is above -0.01.",
          .method = Method::timed,
          .columns = {"what", "activation", "seed", "value"},
          .trials = trials,
          .judge = judge,
          .missing = missing};
}

}  // namespace actfn::lab::experiments
