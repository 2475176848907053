// SPDX-License-Identifier: Apache-2.0
#include "lab/report_remarks.h"

#include "lab/report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace actfn::lab::report {
namespace {

using Ranking = std::vector<const Series*>;

// What costs more than this share of guessing has learned nothing, unless it makes half of its
// errors: it may be right and far too sure of itself.
constexpr double kNearChance = 0.98;
constexpr double kFewErrors = 0.5;
// A loss within one per cent of its lowest has not risen.
constexpr double kRisen = 1.01;
// A first loss that is no more than this above another one is not slow.
constexpr double kSlow = 1.2;
// Times that differ by less are called the same.
constexpr double kSameTime = 1.05;

double first_loss(const Series* s) { return s->at(1, Metric::train_loss).mean; }
double last_loss(const Series* s) { return s->end(Metric::train_loss).mean; }

Metric held_out_loss(const Overview& overview) {
  return overview.validated ? Metric::validation_loss : Metric::test_loss;
}

// The held-out loss has left its lowest point while training loss went on falling.
bool over_fits(const Run& run, Metric metric) {
  const EpochResult* low = nullptr;
  for (const EpochResult& row : run.rows) {
    if (row.epoch > 0 && (low == nullptr || value(row, metric) < value(*low, metric))) low = &row;
  }
  if (low == nullptr) return false;
  const EpochResult& last = run.rows.back();
  return value(last, metric) > kRisen * value(*low, metric) && last.train.loss < low->train.loss;
}

int lowest_epoch(const Series& s, Metric metric) {
  int lowest = 1;
  for (int epoch = 2; epoch <= s.last_epoch; ++epoch) {
    if (s.at(epoch, metric).mean < s.at(lowest, metric).mean) lowest = epoch;
  }
  return lowest;
}

}  // namespace

std::string names_of(const Ranking& all) {
  std::vector<std::string> names;
  for (const Series* s : all) names.push_back(s->name);
  return listing(names);
}

bool learned(const Comparison& comparison, const Series& s) {
  const Score& chance = comparison.chance;
  if (s.end(Metric::train_loss).mean <= kNearChance * chance.loss) return true;
  return 1 - s.end(Metric::train_accuracy).mean <= kFewErrors * (1 - chance.accuracy);
}

std::string chance_level(const Comparison& comparison, const Overview& overview) {
  Ranking stuck = overview.ranking();
  std::erase_if(stuck, [&](const Series* s) { return learned(comparison, *s); });
  if (stuck.empty()) return "";
  const Score& chance = comparison.chance;
  const std::string guess =
      overview.has_accuracy
          ? fmt::format("guessing by the frequencies of the classes costs {} and is correct for {}",
                        number(chance.loss), percent(chance.accuracy))
          : fmt::format("the mean of the targets costs {}", number(chance.loss));
  const double best = last_loss(*std::ranges::min_element(stuck, {}, last_loss));
  return fmt::format("{} did not learn: {} training loss ended at {}, and {}.", names_of(stuck),
                     stuck.size() == 1 ? "its" : "the best", number(best), guess);
}

// What became of the one that was slowest in the first epoch.
std::string slow_starter(const Ranking& ranking) {
  if (ranking.size() < 3 || ranking[0]->last_epoch < 2) return "";
  const Series* const slow = std::ranges::max(ranking, {}, first_loss);
  const Series* const fast = std::ranges::min(ranking, {}, first_loss);
  if (!(first_loss(slow) > kSlow * first_loss(fast))) return "";
  const auto passed = std::ranges::count_if(
      ranking, [&](const Series* s) { return last_loss(s) > last_loss(slow); });
  const std::string start =
      fmt::format("{} started slowest: after epoch 1 its training loss was {} above that of {}",
                  slow->name, excess(first_loss(slow), first_loss(fast)), fast->name);
  const double lowest = last_loss(std::ranges::min(ranking, {}, last_loss));
  if (last_loss(slow) <= lowest) return start + "; it ended with the lowest.";
  const std::string end = excess(last_loss(slow), lowest);
  if (passed == 0) return start + fmt::format(", and at the end {} above the lowest.", end);
  return start + fmt::format("; by the end it had passed {} and was {} above the lowest.",
                             counted(passed, "other"), end);
}

std::string over_fitting(const Overview& overview) {
  if (overview.last_epoch < 2) return "";
  const Metric metric = held_out_loss(overview);
  const std::string_view part = overview.validated ? "validation" : "test";
  std::vector<std::string> found;
  for (const Series* s : overview.ranking()) {
    const auto seeds = std::ranges::count_if(
        s->runs, [&](const Run& run) { return run.counted && over_fits(run, metric); });
    const int since = lowest_epoch(*s, metric);
    if (2 * seeds <= s->counted || since == s->last_epoch) continue;
    found.push_back(fmt::format("{} (since epoch {})", s->name, since));
  }
  if (found.empty()) {
    return fmt::format("No {} loss had clearly begun to rise: there is no sign of over-fitting.",
                       part);
  }
  return fmt::format(
      "The {} loss rose while the training loss still fell, a sign of over-fitting: "
      "{}.",
      part, listing(found));
}

std::string time_taken(const Comparison& comparison) {
  std::vector<StepTime> steps = comparison.steps;
  std::erase_if(steps, [](const StepTime& s) { return !(s.median > 0); });
  if (steps.size() < 2) return "";
  const auto [low, high] = std::ranges::minmax(steps, {}, &StepTime::median);
  const auto name = [&](const StepTime& s) {
    return comparison.settings.activations[s.activation].name;
  };
  if (high.median < kSameTime * low.median) {
    return fmt::format("A training step takes about as long for all: {} to {}.",
                       seconds(low.median), seconds(high.median));
  }
  return fmt::format("A training step takes from {} ({}) to {} ({}).", seconds(low.median),
                     name(low), seconds(high.median), name(high));
}

std::string divergence(const Series& s) {
  if (s.diverged == 0) return "";
  int first = 0;
  for (const Run& run : s.runs) {
    if (run.diverged_at == 0) continue;
    first = first == 0 ? run.diverged_at : std::min(first, run.diverged_at);
  }
  const std::string where =
      fmt::format("{} diverged: from epoch {} its loss was not finite", s.name, first);
  if (s.runs.size() == 1) return where + ".";
  if (!s.sound) return where + fmt::format(", in all {} seeds it ran.", s.runs.size());
  return where + fmt::format(", in {} of {} seeds; its means leave {} out, which flatters it.",
                             s.diverged, s.runs.size(), s.diverged == 1 ? "that one" : "those");
}

std::vector<std::string> absences(const Overview& overview) {
  std::vector<std::string> short_of;
  std::vector<std::string> missing;
  for (const Series& s : overview.series) {
    if (s.runs.empty()) missing.push_back(s.name);
    if (s.sound && s.level < overview.level) {
      short_of.push_back(fmt::format("{} (epoch {})", s.name, s.level));
    }
  }
  std::vector<std::string> out;
  if (!short_of.empty()) {
    out.push_back(fmt::format("Left out, because they stopped before epoch {}: {}.", overview.level,
                              listing(short_of)));
  }
  if (!missing.empty()) out.push_back(fmt::format("Not reached: {}.", listing(missing)));
  return out;
}

}  // namespace actfn::lab::report
