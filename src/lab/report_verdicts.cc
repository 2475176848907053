// SPDX-License-Identifier: Apache-2.0
#include "lab/report.h"
#include "lab/report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

namespace actfn::lab {
namespace {

using namespace report;

using Ranking = std::vector<const Series*>;

// Below this many seeds, ranges that lie apart by chance are too common to call a gap settled:
// one in three pairs for two seeds, one in ten for three, one in 35 for four.
constexpr int kSeedsThatSettle = 4;
constexpr double kNearChance = 0.98;
// A test loss within one per cent of its lowest has not risen.
constexpr double kRisen = 1.01;
constexpr double kSameTime = 1.05;

const Spread& final_loss(const Series& s) { return s.end(Metric::train_loss); }

// What guessing at random costs.
double chance_loss(const Series& s) { return std::log(static_cast<double>(s.classes)); }

bool learned(const Series& s) { return final_loss(s).mean <= kNearChance * chance_loss(s); }

// Figures that read the same have no order.
bool tie(double a, double b) { return number(a) == number(b); }
bool tie(const Series& a, const Series& b) { return tie(final_loss(a).mean, final_loss(b).mean); }

// Those that share the first place.
Ranking leaders(const Ranking& ranking) {
  Ranking found = ranking;
  std::erase_if(found, [&](const Series* s) { return !tie(*s, *ranking[0]); });
  return found;
}

std::string names_of(const Ranking& all) {
  std::vector<std::string> names;
  for (const Series* s : all) names.push_back(s->name);
  return listing(names);
}

int fewest_seeds(const Ranking& ranking) {
  return std::ranges::min(ranking, {}, &Series::counted)->counted;
}

int most_seeds(const Ranking& ranking) {
  return std::ranges::max(ranking, {}, &Series::counted)->counted;
}

std::string over_seeds(const Ranking& ranking) {
  const int few = fewest_seeds(ranking);
  const int most = most_seeds(ranking);
  if (most == 1) return "";
  if (few < most) return fmt::format(" (means over {} to {} seeds)", few, most);
  return fmt::format(" (means over {} seeds)", most);
}

// Those whose final training losses over seeds reach into the winner's.
Ranking rivals(const Ranking& ranking) {
  Ranking found;
  for (std::size_t i = 1; i < ranking.size(); ++i) {
    if (overlap(final_loss(*ranking[0]), final_loss(*ranking[i]))) found.push_back(ranking[i]);
  }
  return found;
}

std::string winner(const Ranking& ranking, int epochs) {
  const Series& best = *ranking[0];
  if (ranking.size() == 1) {
    return fmt::format("{} ended at a training loss of {} and a test accuracy of {} after {}{}.",
                       best.name, number(final_loss(best).mean),
                       percent(best.end(Metric::test_accuracy).mean), counted(epochs, "epoch"),
                       over_seeds(ranking));
  }
  const Ranking first = leaders(ranking);
  std::string out = fmt::format("{} {} the lowest training loss, {} after {}", names_of(first),
                                first.size() == 1 ? "ended with" : "share",
                                number(final_loss(best).mean), counted(epochs, "epoch"));
  if (first.size() < ranking.size()) {
    const Series& next = *ranking[first.size()];
    out += fmt::format("; {} is next at {}, {} higher", next.name, number(final_loss(next).mean),
                       excess(final_loss(next).mean, final_loss(best).mean));
  }
  return out + over_seeds(ranking) + ".";
}

// Where both trained from the same seeds, they can be compared seed by seed.
std::string seed_by_seed(const Series& a, const Series& b, int epoch) {
  int shared = 0;
  int lower = 0;
  int level = 0;
  for (const Run& run : a.runs) {
    const auto same = [&](const Run& r) { return r.seed == run.seed && r.counted; };
    const auto other = std::find_if(b.runs.begin(), b.runs.end(), same);
    if (!run.counted || other == b.runs.end()) continue;
    ++shared;
    const double mine = run.at(epoch, Metric::train_loss);
    const double theirs = other->at(epoch, Metric::train_loss);
    level += tie(mine, theirs) ? 1 : 0;
    lower += mine < theirs && !tie(mine, theirs) ? 1 : 0;
  }
  if (shared < 2) return "";
  return fmt::format(" Seed by seed, {} was the lower in {} of {}{}.", a.name, lower, shared,
                     level == 0 ? "" : fmt::format(", and level in {}", level));
}

std::string one_seed(const Ranking& ranking) {
  if (most_seeds(ranking) > 1) return "Some have finished a single seed, which settles nothing.";
  if (ranking.size() == 1) return "One seed says nothing about the spread between seeds.";
  const bool level = leaders(ranking).size() == ranking.size();
  return fmt::format("One seed settles nothing: another could {} the order.",
                     level ? "show" : "reverse");
}

std::string overlaps(const Ranking& ranking, const Ranking& close, int epochs) {
  const Series& best = *ranking[0];
  if (close.size() == 1) {
    return fmt::format(
        "The ranges of {} and {} over the seeds overlap, so their order is not settled.{}",
        best.name, close[0]->name, seed_by_seed(best, *close[0], epochs));
  }
  return fmt::format(
      "The ranges of {} over the seeds overlap with that of {}, so which of them is lowest is "
      "not settled.",
      names_of(close), best.name);
}

std::string settled(const Ranking& ranking, int epochs) {
  const int seeds = fewest_seeds(ranking);
  if (seeds == 1) return one_seed(ranking);
  if (ranking.size() == 1) {
    const Spread& s = final_loss(*ranking[0]);
    return fmt::format("Over {} seeds its final training loss lies between {} and {}.", seeds,
                       number(s.low), number(s.high));
  }
  if (const Ranking close = rivals(ranking); !close.empty()) {
    return overlaps(ranking, close, epochs);
  }
  if (leaders(ranking).size() > 1) return "";
  return fmt::format(
      "Over {} seeds its range does not overlap any other{}", seeds,
      seeds < kSeedsThatSettle ? ", but so few seeds do not settle the order." : ".");
}

double first_loss(const Series* s) { return s->at(1, Metric::train_loss).mean; }

const Series* slowest_start(const Ranking& ranking) {
  return std::ranges::max(ranking, {}, first_loss);
}

std::string first_epoch(const Ranking& ranking) {
  Ranking early = ranking;
  std::erase_if(early, [](const Series* s) { return !std::isfinite(first_loss(s)); });
  if (early.size() < 2) return "";
  std::ranges::stable_sort(early, {}, first_loss);
  if (tie(first_loss(early[0]), first_loss(early[1]))) return "";
  const bool open = fewest_seeds(early) > 1 && overlap(early[0]->at(1, Metric::train_loss),
                                                       early[1]->at(1, Metric::train_loss));
  return fmt::format("{}{} learned fastest in the first epoch: {} against {} for {}{}.",
                     early[0]->name,
                     early[0] == ranking[0] && leaders(ranking).size() == 1 ? " also" : "",
                     number(first_loss(early[0])), number(first_loss(early[1])), early[1]->name,
                     open ? ", though their ranges over seeds overlap" : "");
}

// What became of the one that was slowest in the first epoch.
std::string slow_starter(const Ranking& ranking, int epochs) {
  if (ranking.size() < 3) return "";
  const Series* slow = slowest_start(ranking);
  const Series* fast = std::ranges::min(ranking, {}, first_loss);
  const auto starts = [&](const Series* s) { return tie(first_loss(s), first_loss(slow)); };
  if (std::ranges::count_if(ranking, starts) > 1) return "";
  Ranking passed = ranking;
  std::erase_if(passed, [&](const Series* s) {
    return tie(*s, *slow) || final_loss(*s).mean < final_loss(*slow).mean;
  });
  const std::string start = fmt::format("{} started slowest, {} above {}; ", slow->name,
                                        excess(first_loss(slow), first_loss(fast)), fast->name);
  if (tie(*slow, *ranking[0])) {
    return start + fmt::format("by the last epoch it {}.",
                               leaders(ranking).size() == 1 ? "led" : "shared the lowest loss");
  }
  const std::string gap = excess(final_loss(*slow).mean, final_loss(*ranking[0]).mean);
  if (passed.empty()) {
    const bool last = !tie(*slow, *ranking[ranking.size() - 2]);
    return start + fmt::format("it ended {}at {}, {} above the lowest.", last ? "last, " : "",
                               number(final_loss(*slow).mean), gap);
  }
  return start + fmt::format("by epoch {} it had passed {} and was {} above the lowest.", epochs,
                             names_of(passed), gap);
}

std::string highest(const Ranking& ranking) {
  if (ranking.size() < 3 || tie(*ranking.back(), *ranking[ranking.size() - 2])) return "";
  const Series& last = *ranking.back();
  return fmt::format("{} ended with the highest training loss, {}, {} above {}.", last.name,
                     number(final_loss(last).mean),
                     excess(final_loss(last).mean, final_loss(*ranking[0]).mean), ranking[0]->name);
}

std::string accuracy(const Ranking& ranking) {
  if (ranking.size() < 2) return "";
  Ranking by_accuracy = ranking;
  const auto share = [](const Series* s) { return s->end(Metric::test_accuracy); };
  const auto mean = [&](const Series* s) { return share(s).mean; };
  std::ranges::stable_sort(by_accuracy, std::greater{}, mean);
  const Series* best = by_accuracy[0];
  const Series* next = by_accuracy[1];
  const auto level = [&](const Series* s) { return percent(mean(s)) == percent(mean(best)); };
  if (level(next)) {
    std::erase_if(by_accuracy, std::not_fn(level));
    return fmt::format("{} share the highest test accuracy, {}.", names_of(by_accuracy),
                       percent(mean(best)));
  }
  const bool open = fewest_seeds(ranking) > 1 && overlap(share(best), share(next));
  return fmt::format("{}{} has the highest test accuracy, {}, {} above {}{}.", best->name,
                     best == ranking[0] && leaders(ranking).size() == 1 ? " also" : "",
                     percent(share(best).mean), points(share(best).mean - share(next).mean),
                     next->name, open ? ", which is within the spread over seeds" : "");
}

// Test loss has left its lowest point while training loss went on falling.
bool over_fits(const Run& run) {
  const EpochResult& last = run.rows.back();
  const EpochResult& low = *std::ranges::min_element(run.rows, {}, &EpochResult::test_loss);
  return last.test_loss > kRisen * low.test_loss && last.train_loss < low.train_loss;
}

int lowest_test_epoch(const Series& s) {
  int lowest = 1;
  for (int epoch = 2; epoch <= s.last_epoch; ++epoch) {
    const double loss = s.at(epoch, Metric::test_loss).mean;
    if (loss < s.at(lowest, Metric::test_loss).mean) lowest = epoch;
  }
  return lowest;
}

std::string over_fitting(const Ranking& ranking, int epochs) {
  if (epochs < 2) return "";
  std::vector<std::string> found;
  bool sure = true;
  for (const Series* s : ranking) {
    const auto fits = [](const Run& run) { return run.counted && over_fits(run); };
    const auto seeds = static_cast<int>(std::count_if(s->runs.begin(), s->runs.end(), fits));
    const int since = lowest_test_epoch(*s);
    if (2 * seeds <= s->counted || since == epochs) continue;
    // One seed, or a single epoch that rose, may be noise.
    sure = sure && seeds > 1 && seeds == s->counted && epochs - since > 1;
    found.push_back(fmt::format("{} (since epoch {})", s->name, since));
  }
  if (found.empty()) {
    return "No test loss had clearly begun to rise: there is no sign of over-fitting yet.";
  }
  return fmt::format("Test loss was rising while training loss still fell for {}: over-fitting {}.",
                     listing(found), sure ? "has begun" : "may have begun");
}

std::string chance_level(const Ranking& ranking) {
  Ranking stuck;
  for (const Series* s : ranking) {
    if (!learned(*s)) stuck.push_back(s);
  }
  if (stuck.empty()) return "";
  const double chance = chance_loss(*stuck[0]);
  return fmt::format(
      "{} did not learn: training loss ended above {}, {:.0f} % of chance (ln {} = {}).",
      names_of(stuck), number(kNearChance * chance), 100 * kNearChance, stuck[0]->classes,
      number(chance));
}

std::string time_taken(const Ranking& ranking, int jobs) {
  Ranking timed = ranking;
  std::erase_if(timed, [](const Series* s) { return !(s->seconds > 0); });
  if (timed.size() < 2) return "";
  const auto [low, high] = std::ranges::minmax(timed, {}, &Series::seconds);
  const std::string shared =
      jobs > 1 ? fmt::format(", with up to {} trainings sharing the machine", jobs) : "";
  if (high->seconds < kSameTime * low->seconds) {
    return fmt::format("An epoch took about as long for all: {} to {}{}.", seconds(low->seconds),
                       seconds(high->seconds), shared);
  }
  return fmt::format("An epoch took from {} ({}) to {} ({}){}.", seconds(low->seconds), low->name,
                     seconds(high->seconds), high->name, shared);
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

void note_absences(const Overview& overview, std::vector<std::string>& out) {
  std::vector<std::string> short_of;
  std::vector<std::string> missing;
  for (const Series& s : overview.series) {
    if (s.runs.empty()) missing.push_back(s.name);
    if (s.sound && s.last_epoch < overview.last_epoch) {
      short_of.push_back(fmt::format("{} (epoch {})", s.name, s.last_epoch));
    }
  }
  if (!short_of.empty()) {
    out.push_back(fmt::format("Left out, because they stopped before epoch {}: {}.",
                              overview.last_epoch, listing(short_of)));
  }
  if (!missing.empty()) out.push_back(fmt::format("Not reached: {}.", listing(missing)));
}

void judge(const Ranking& ranking, int epochs, int jobs, std::vector<std::string>& out) {
  if (ranking.empty()) return;
  if (!learned(*ranking[0])) {  // whose loss is lowest says nothing
    out.push_back(chance_level(ranking));
    out.push_back(time_taken(ranking, jobs));
    return;
  }
  out.push_back(winner(ranking, epochs));
  out.push_back(settled(ranking, epochs));
  if (epochs > 1) {
    out.push_back(first_epoch(ranking));
    out.push_back(slow_starter(ranking, epochs));
  }
  if (epochs == 1 || slowest_start(ranking) != ranking.back()) out.push_back(highest(ranking));
  out.push_back(accuracy(ranking));
  out.push_back(over_fitting(ranking, epochs));
  out.push_back(chance_level(ranking));
  out.push_back(time_taken(ranking, jobs));
}

std::vector<std::string> verdicts(const Comparison& comparison, const Overview& overview) {
  std::vector<std::string> out;
  if (overview.last_epoch == 0 && comparison.epochs.empty()) {
    return {"No epoch was finished, so there is nothing to compare."};
  }
  if (comparison.interrupted) {
    out.push_back(fmt::format("The run was interrupted: {} of {} had finished.", overview.finished,
                              counted(overview.planned, "training")));
  }
  judge(overview.ranking(), overview.last_epoch, comparison.settings.jobs, out);
  for (const Series& s : overview.series) out.push_back(divergence(s));
  note_absences(overview, out);
  std::erase(out, "");
  if (out.empty())
    out.emplace_back("The rows hold no finite loss, so there is nothing to compare.");
  return out;
}

std::string headline(const Comparison& comparison, const Overview& overview) {
  const Ranking ranking = overview.ranking();
  if (ranking.empty()) return comparison.epochs.empty() ? "Nothing to compare yet" : "All diverged";
  const std::string& best = ranking[0]->name;
  if (!learned(*ranking[0])) return names_of(ranking) + " did not learn";
  if (const Ranking first = leaders(ranking); first.size() > 1) {
    return names_of(first) + " share the lowest training loss";
  }
  if (ranking.size() == 1) {
    return fmt::format("{} reached a training loss of {}", best,
                       number(final_loss(*ranking[0]).mean));
  }
  const int seeds = fewest_seeds(ranking);
  if (most_seeds(ranking) == 1) return best + " had the lowest training loss, on a single seed";
  if (seeds == 1) return best + " is lowest, with too few seeds to tell";
  const Ranking close = rivals(ranking);
  if (close.size() == 1) {
    return fmt::format("{} and {} ended too close to call", best, close[0]->name);
  }
  if (!close.empty()) {
    return fmt::format("{} had the lowest training loss, with {} others within the spread", best,
                       close.size());
  }
  if (seeds < kSeedsThatSettle)
    return fmt::format("{} had the lowest training loss, on {} seeds", best, seeds);
  return best + " ended with the lowest training loss";
}

}  // namespace

Findings findings(const Comparison& comparison) {
  Overview overview = summarize(comparison);
  auto sentences = verdicts(comparison, overview);
  auto words = headline(comparison, overview);
  return {std::move(overview), std::move(sentences), std::move(words)};
}

}  // namespace actfn::lab
