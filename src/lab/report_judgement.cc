// SPDX-License-Identifier: Apache-2.0
#include "lab/report_judgement.h"

#include "lab/report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace actfn::lab::report {
namespace {

Call call_of(const PairedDifference& d, double p) {
  if (d.pairs > 0 && d.level == d.pairs) return Call::same;
  if (d.pairs < kFewestSeeds) return Call::untried;
  return p < 1 - kConfidence ? Call::apart : Call::open;
}

std::string signed_number(double v, int decimals) {
  return (v < 0 ? "−" : "") + fmt::format("{:.{}f}", std::abs(v), decimals);
}

// So many that the smaller of two bounds has two digits.
int decimals_for(const Interval& interval) {
  const double size = std::max(std::abs(interval.low), std::abs(interval.high));
  if (!(size > 0) || !std::isfinite(size)) return 4;
  return std::clamp(1 - static_cast<int>(std::floor(std::log10(size))) + 1, 0, 12);
}

}  // namespace

std::vector<const Series*> Judgement::called(Call call) const {
  std::vector<const Series*> found;
  for (const Contest& c : contests) {
    if (c.call == call) found.push_back(c.other);
  }
  return found;
}

const Contest* Judgement::against(const Series& other) const {
  const auto found = std::ranges::find(contests, &other, &Contest::other);
  return found == contests.end() ? nullptr : &*found;
}

Judgement judge(std::vector<const Series*> ranking, Metric metric) {
  rank(ranking, metric);
  Judgement result{metric, std::move(ranking), {}};
  std::vector<double> p;
  for (std::size_t i = 1; i < result.ranking.size(); ++i) {
    const Series& other = *result.ranking[i];
    result.contests.push_back({&other, difference(result.best(), other, metric), 1, Call::open});
    p.push_back(result.contests.back().difference.p);
  }
  const std::vector<double> adjusted = holm(p);
  for (std::size_t i = 0; i < result.contests.size(); ++i) {
    Contest& contest = result.contests[i];
    contest.p = adjusted[i];
    contest.call = call_of(contest.difference, contest.p);
  }
  return result;
}

std::string_view noun(Metric metric) {
  constexpr std::string_view kNouns[] = {"training loss",       "validation loss",
                                         "test loss",           "training accuracy",
                                         "validation accuracy", "test accuracy"};
  return kNouns[static_cast<std::size_t>(metric)];
}

std::string_view best_word(Metric metric) { return is_loss(metric) ? "lowest" : "highest"; }

std::string value_text(double v, Metric metric) { return is_loss(metric) ? number(v) : percent(v); }

std::string difference_text(double difference, Metric metric) {
  return is_loss(metric) ? number(difference) : points(difference);
}

std::string interval_text(const Interval& interval, Metric metric) {
  if (!std::isfinite(interval.low) || !std::isfinite(interval.high)) return "–";
  const double unit = is_loss(metric) ? 1 : 100;
  const int decimals = is_loss(metric) ? decimals_for(interval) : 2;
  return signed_number(unit * interval.low, decimals) + " to " +
         signed_number(unit * interval.high, decimals);
}

}  // namespace actfn::lab::report
