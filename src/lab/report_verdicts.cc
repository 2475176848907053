// SPDX-License-Identifier: Apache-2.0
// What a comparison says: held-out results first.
#include "lab/report.h"
#include "lab/report_judgement.h"
#include "lab/report_ranking.h"
#include "lab/report_remarks.h"
#include "lab/report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace actfn::lab {
namespace {

using namespace report;

using Ranking = std::vector<const Series*>;

// Contests that get a sentence of their own. The table has all of them.
constexpr std::size_t kMostSentences = 3;

std::string_view relation(Metric metric) { return is_loss(metric) ? "below" : "above"; }

std::string seeds_won(const PairedDifference& d) {
  const std::string level = d.level == 0 ? "" : fmt::format(", equal in {}", d.level);
  return fmt::format("better in {} of {} seeds{}", d.higher, d.pairs, level);
}

// "0.31 points above relu (95 % interval 0.14 to 0.48; better in 16 of 20 seeds)"
std::string gap(const Contest& c, Metric metric) {
  std::string out = fmt::format("{} {} {}", difference_text(c.difference.mean, metric),
                                relation(metric), c.other->name);
  if (c.difference.pairs < kFewestSeeds) return out;
  return out + fmt::format(" (95 % interval {}; {})", interval_text(c.difference.interval, metric),
                           seeds_won(c.difference));
}

std::string alone(const Series& s, Metric metric) {
  const Spread end = s.end(metric);
  std::string out =
      fmt::format("{} reached a {} of {}", s.name, noun(metric), value_text(end.mean, metric));
  if (end.count < static_cast<int>(kFewestSeeds)) {
    return out + fmt::format(" with {}, which says little about other seeds.",
                             counted(end.count, "seed"));
  }
  return out + fmt::format(", the mean of {} seeds (95 % interval {}).", end.count,
                           interval_text(end.interval, metric));
}

std::string leader(const Judgement& j) {
  Ranking first = j.called(Call::same);
  first.insert(first.begin(), &j.best());
  std::string out = fmt::format("{} {} the {} {}, {}", names_of(first),
                                first.size() == 1 ? "has" : "share", best_word(j.metric),
                                noun(j.metric), value_text(j.best().end(j.metric).mean, j.metric));
  return first.size() == 1 ? out : out + ": their results are equal in every seed";
}

std::string few_seeds(const Judgement& j) {
  const auto behind = std::ranges::find(j.contests, Call::untried, &Contest::call);
  const std::size_t pairs = behind->difference.pairs;
  const std::string seeds = pairs == 0   ? "No seed in common settles"
                            : pairs == 1 ? "One seed settles"
                                         : "Two seeds settle";
  return fmt::format("{}, {}. {} nothing: others could reverse the order.", leader(j),
                     gap(*behind, j.metric), seeds);
}

std::string open_contests(const Judgement& j) {
  const Ranking open = j.called(Call::open);
  double resolution = 0;
  for (const Contest& c : j.contests) {
    if (c.call == Call::open) resolution = std::max(resolution, c.difference.resolution());
  }
  return fmt::format("The run shows no difference from {}: it would have seen one of {}.",
                     names_of(open), difference_text(resolution, j.metric));
}

// An interval that misses zero, and yet is no finding.
std::string doubt(const Judgement& j, const Contest& c) {
  if (c.call != Call::open || c.difference.interval.contains(0)) return "";
  return fmt::format(", which can be chance among {} comparisons", j.contests.size());
}

// The contests with this call, a sentence for the first few of them.
std::vector<std::string> gaps(const Judgement& j, Call call) {
  std::vector<std::string> out;
  std::size_t more = 0;
  for (const Contest& c : j.contests) {
    if (c.call != call) continue;
    if (out.size() == kMostSentences) {
      ++more;
    } else {
      out.push_back(fmt::format("{} is {}{}.", j.best().name, gap(c, j.metric), doubt(j, c)));
    }
  }
  if (more > 0) out.push_back(fmt::format("{} more are in the table.", more));
  return out;
}

std::vector<std::string> held_out(const Judgement& j) {
  if (j.ranking.size() == 1) return {alone(j.best(), j.metric)};
  if (!j.called(Call::untried).empty()) return {few_seeds(j)};
  std::vector<std::string> out = {leader(j) + "."};
  if (!j.called(Call::open).empty()) out.push_back(open_contests(j));
  for (const Call call : {Call::open, Call::apart}) {
    for (auto& sentence : gaps(j, call)) out.push_back(std::move(sentence));
  }
  return out;
}

// One sentence: it comes after the results that count.
std::string training_loss(const Ranking& ranking, const Series& winner) {
  if (ranking.size() < 2) return "";
  const Judgement j = judge(ranking, Metric::train_loss);
  const char* also = &j.best() == &winner ? " also" : "";
  const Contest& next = j.contests[0];
  if (next.call == Call::same) return leader(j) + ".";
  std::string out =
      fmt::format("{}{} has the lowest training loss, {}, {}", j.best().name, also,
                  number(j.best().end(Metric::train_loss).mean), gap(next, Metric::train_loss));
  return out + (next.call == Call::open ? ": no difference that this run can show." : ".");
}

std::string names_that_tie(const Judgement& j) {
  Ranking all = {&j.best()};
  for (const Contest& c : j.contests) {
    if (c.call == Call::open || c.call == Call::same) all.push_back(c.other);
  }
  return names_of(all);
}

std::string headline_of(const Judgement& j) {
  const Series& best = j.best();
  if (j.contests.empty()) {
    return fmt::format("{} reached a {} of {}", best.name, noun(j.metric),
                       value_text(best.end(j.metric).mean, j.metric));
  }
  const std::size_t same = j.called(Call::same).size();
  if (same == j.contests.size()) return names_that_tie(j) + " give the same results";
  const std::string ahead = fmt::format("the {} {}", best_word(j.metric), noun(j.metric));
  if (!j.called(Call::untried).empty()) {
    const std::string who = same == 0 ? best.name + " has " : names_that_tie(j) + " share ";
    return who + ahead + fmt::format(", on {}", counted(best.end(j.metric).count, "seed"));
  }
  if (!j.called(Call::open).empty()) {
    const bool others = !j.called(Call::apart).empty();
    return fmt::format(
        "{} are too close to call{}", names_that_tie(j),
        others ? fmt::format(", and ahead of {}", names_of(j.called(Call::apart))) : "");
  }
  if (same > 0) return fmt::format("{} share {}", names_that_tie(j), ahead);
  return fmt::format("{} has {}, {} {} {}", best.name, ahead,
                     difference_text(j.contests[0].difference.mean, j.metric), relation(j.metric),
                     j.contests[0].other->name);
}

bool nothing_learned(const Comparison& c, const Ranking& ranking) {
  return std::ranges::none_of(ranking, [&](const Series* s) { return learned(c, *s); });
}

std::string headline(const Comparison& c, const Overview& overview) {
  const Ranking ranking = overview.ranking();
  if (ranking.empty()) return c.epochs.empty() ? "Nothing to compare yet" : "All diverged";
  if (nothing_learned(c, ranking)) return names_of(ranking) + " did not learn";
  return headline_of(judge(ranking, overview.deciding()));
}

void say_what_ranks(const Comparison& c, const Overview& overview, std::vector<std::string>& out) {
  const Ranking ranking = overview.ranking();
  if (ranking.empty()) return;
  if (!nothing_learned(c, ranking)) {
    for (auto& s : held_out(judge(ranking, overview.deciding()))) out.push_back(std::move(s));
    out.push_back(training_loss(ranking, *ranking[0]));
    out.push_back(slow_starter(ranking));
    out.push_back(over_fitting(overview));
  }
  out.push_back(chance_level(c, overview));
  out.push_back(time_taken(c));
}

std::vector<std::string> verdicts(const Comparison& c, const Overview& overview) {
  if (c.epochs.empty()) return {"No epoch was finished, so there is nothing to compare."};
  std::vector<std::string> out;
  if (c.interrupted) {
    out.push_back(fmt::format("The run was interrupted: {} of {} had finished.", overview.finished,
                              counted(overview.planned, "training")));
  }
  say_what_ranks(c, overview, out);
  for (const Series& s : overview.series) out.push_back(divergence(s));
  for (auto& sentence : absences(overview)) out.push_back(std::move(sentence));
  std::erase(out, "");
  if (out.empty()) out.emplace_back("There is no finite loss, so there is nothing to compare.");
  return out;
}

}  // namespace

Findings findings(const Comparison& comparison) {
  Overview overview = summarize(comparison);
  auto sentences = verdicts(comparison, overview);
  auto words = headline(comparison, overview);
  return {std::move(overview), std::move(sentences), std::move(words)};
}

std::vector<Chart> report_figures(const Findings& found) {
  if (found.overview.ranking().empty()) return {};
  return {ranking_chart(found.overview, found.headline)};
}

}  // namespace actfn::lab
