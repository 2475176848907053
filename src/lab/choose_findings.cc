// SPDX-License-Identifier: Apache-2.0
#include "lab/choose_findings.h"

#include "lab/report_remarks.h"
#include "lab/report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <set>
#include <span>

namespace actfn::lab {
namespace {

using namespace report;

// Of a step: less is noise, or not worth another choice.
constexpr double kCheaper = 0.95;

std::vector<std::vector<std::size_t>> groups_of(const Overview& overview) {
  std::vector<std::vector<std::size_t>> groups;
  std::vector<const Series*> rest = overview.ranking();
  while (!rest.empty()) {
    const Judgement j = judge(rest, overview.deciding());
    const auto first_apart = std::ranges::find(j.contests, Call::apart, &Contest::call);
    const auto size = 1 + (first_apart - j.contests.begin());
    groups.emplace_back();
    for (const Series* s : j.ranking | std::views::take(size)) groups.back().push_back(s->index);
    rest.assign(j.ranking.begin() + size, j.ranking.end());
  }
  return groups;
}

std::vector<LeftOut> left_out_of(const Choice& choice) {
  std::set<std::size_t> seen;
  for (const Standing& one : choice.finalists) seen.insert(one.activation);
  std::vector<LeftOut> all;
  for (std::size_t rung = choice.rungs.size(); rung-- > 0;) {
    for (const Standing& one : choice.rungs[rung]) {
      if (seen.insert(one.activation).second) all.push_back({one, rung + 1});
    }
  }
  return all;
}

std::string with_rate(const Choice& choice, const Series& s) {
  return fmt::format("{} with a learning rate of {}", s.name, choice.finalists[s.index].lr);
}

std::string reached(const Series& s, Metric metric) {
  const Spread end = s.end(metric);
  return fmt::format("{} (95 % interval {})", value_text(end.mean, metric),
                     interval_text(end.interval, metric));
}

// The others of the first group, as the best is called against them.
std::vector<const Series*> of_first(const ChoiceFindings& found, const Judgement& j, Call call) {
  std::vector<const Series*> others = j.called(call);
  std::erase_if(others, [&](const Series* s) { return group_of(found, s->index) != 1; });
  return others;
}

std::string ahead_of_next(const Contest& next, Metric metric) {
  return fmt::format(" It is {} better than the next one, {} (95 % interval {}).",
                     difference_text(next.difference.mean, metric), next.other->name,
                     interval_text(next.difference.interval, metric));
}

// The smallest difference that the final would have seen in each of these contests.
double resolution(const Judgement& j, std::span<const Series* const> others) {
  double found = 0;
  for (const Contest& c : j.contests) {
    if (std::ranges::find(others, c.other) == others.end()) continue;
    found = std::max(found, c.difference.resolution());
  }
  return found;
}

std::string how_sure(const ChoiceFindings& found, const Judgement& j) {
  if (j.contests.empty()) return "";
  if (found.groups[0].size() == 1) return ahead_of_next(j.contests[0], j.metric);
  const std::vector<const Series*> same = of_first(found, j, Call::same);
  const std::vector<const Series*> open = of_first(found, j, Call::open);
  std::string out;
  if (!same.empty()) {
    out = fmt::format(" {} {} equal to it in every seed.", names_of(same),
                      same.size() == 1 ? "is" : "are");
  }
  if (open.empty()) return out;
  return out +
         fmt::format(" The final can't tell it from {}: it would have seen a difference of {}.",
                     names_of(open), difference_text(resolution(j, open), j.metric));
}

// The cheapest that the best can't be told from, where it is clearly cheaper than the best.
std::string cheapest(const Choice& choice, const ChoiceFindings& found) {
  const std::vector<std::size_t>& group = found.groups[0];
  const StepTime* const best = step_time_of(choice.final, group[0]);
  if (best == nullptr) return "";
  const StepTime* least = best;
  for (const std::size_t i : group) {
    const StepTime* const one = step_time_of(choice.final, i);
    if (one != nullptr && one->median < least->median) least = one;
  }
  if (least->median > kCheaper * best->median) return "";
  return fmt::format(
      "Where time counts, take {}: it is not told from {} either, and a training step takes {}, "
      "not {}.",
      found.overview.series[least->activation].name, found.overview.series[group[0]].name,
      seconds(least->median), seconds(best->median));
}

std::string of_the_rest(const ChoiceFindings& found) {
  if (found.left_out.empty()) return "";
  return fmt::format("{} left before the final, by the validation loss of one training in a rung.",
                     counted(found.left_out.size(), "activation"));
}

void decide(const Choice& choice, ChoiceFindings& found) {
  const Overview& overview = found.overview;
  const std::vector<const Series*> ranking = overview.ranking();
  if (ranking.empty()) {
    found.headline = "All finalists diverged";
    found.recommendation = "Try lower learning rates: --lr 0.00001,0.0001.";
    return;
  }
  const Judgement j = judge(ranking, overview.deciding());
  const Series& best = j.best();
  if (!learned(choice.final, best)) {
    found.headline = "No activation learned";
    found.recommendation = chance_level(choice.final, overview);
    return;
  }
  found.headline = "Take " + with_rate(choice, best);
  found.recommendation = fmt::format(
      "{}, and first weights by {}, has the {} {}: {}, the mean of {}.{}", with_rate(choice, best),
      choice.final.inits[best.index], best_word(j.metric), noun(j.metric), reached(best, j.metric),
      counted(best.end(j.metric).count, "seed"), how_sure(found, j));
  found.remarks.push_back(cheapest(choice, found));
}

}  // namespace

ChoiceFindings findings(const Choice& choice) {
  ChoiceFindings found;
  found.overview = summarize(choice.final);
  found.groups = groups_of(found.overview);
  found.left_out = left_out_of(choice);
  decide(choice, found);
  found.remarks.push_back(of_the_rest(found));
  for (const Series& s : found.overview.series) found.remarks.push_back(divergence(s));
  std::erase(found.remarks, "");
  return found;
}

std::size_t group_of(const ChoiceFindings& found, std::size_t series) {
  for (std::size_t i = 0; i < found.groups.size(); ++i) {
    if (std::ranges::find(found.groups[i], series) != found.groups[i].end()) return i + 1;
  }
  return 0;
}

}  // namespace actfn::lab
