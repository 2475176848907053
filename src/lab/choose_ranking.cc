// SPDX-License-Identifier: Apache-2.0
#include "lab/choose_io.h"
#include "lab/csv_text.h"
#include "lab/json_number.h"
#include "lab/report_judgement.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

namespace actfn::lab {
namespace {

using namespace report;
using Json = nlohmann::ordered_json;

constexpr std::string_view kRankingColumns[] = {
    "rank",        "group",      "activation",   "lr",
    "init",        "parameters", "seeds",        "mean",
    "low",         "high",       "behind",       "behind_low",
    "behind_high", "p",          "left_in_rung", "validation_loss",
    "step_seconds"};

// A finalist, or what was left out before the final.
struct Place {
  std::string activation;
  double lr = 0;
  std::size_t rank = 0;  // 0: none
  std::size_t group = 0;
  std::string init = {};
  std::size_t parameters = 0;
  std::optional<Spread> end = {};               // of the deciding metric
  std::optional<PairedDifference> behind = {};  // by how much the best is better
  double p = 1;
  std::size_t left_in_rung = 0;
  std::optional<double> validation_loss = {};  // of that rung
  std::optional<double> step_seconds = {};
};

Place place_of(const Choice& choice, const ChoiceFindings& found, const Series& s) {
  const Comparison& c = choice.final;
  Place place{.activation = s.name, .lr = choice.finalists[s.index].lr};
  place.group = group_of(found, s.index);
  place.init = c.inits[s.index];
  place.parameters = nn::parameter_count(c.networks[s.index]);
  const Spread end = s.end(found.overview.deciding());
  if (end.count > 0) place.end = end;
  if (const StepTime* const time = step_time_of(c, s.index)) place.step_seconds = time->median;
  return place;
}

// The ranking, finalists without a rank, and the rest.
std::vector<Place> places_of(const Choice& choice, const ChoiceFindings& found) {
  std::vector<Place> all;
  const std::vector<const Series*> ranking = found.overview.ranking();
  const auto add = [&](const Series& s) { all.push_back(place_of(choice, found, s)); };
  if (!ranking.empty()) {
    const Judgement j = judge(ranking, found.overview.deciding());
    for (const Series* s : j.ranking) add(*s);
    for (std::size_t i = 0; i < all.size(); ++i) all[i].rank = i + 1;
    for (std::size_t i = 0; i < j.contests.size(); ++i) {
      all[i + 1].behind = j.contests[i].difference;
      all[i + 1].p = j.contests[i].p;
    }
  }
  for (const Series& s : found.overview.series) {
    if (std::ranges::find(ranking, &s) == ranking.end()) add(s);
  }
  for (const LeftOut& out : found.left_out) {
    const Standing& one = out.standing;
    all.push_back(
        {.activation = choice.settings.training.activations[one.activation].name, .lr = one.lr});
    all.back().left_in_rung = out.rung;
    all.back().validation_loss = one.loss;
  }
  return all;
}

// Nothing for 0, which stands for nothing.
std::string count_text(std::size_t n) { return n == 0 ? "" : fmt::format("{}", n); }

std::string number_text(const std::optional<double>& v) { return v ? csv_number(*v) : ""; }

std::string line(const Place& p) {
  std::optional<double> mean, low, high, behind, behind_low, behind_high, chance;
  if (p.end) {
    mean = p.end->mean;
    low = p.end->interval.low;
    high = p.end->interval.high;
  }
  if (p.behind) {
    behind = p.behind->mean;
    behind_low = p.behind->interval.low;
    behind_high = p.behind->interval.high;
    chance = p.p;
  }
  const std::size_t seeds = p.end ? static_cast<std::size_t>(p.end->count) : 0;
  const std::vector<std::string> fields = {count_text(p.rank),
                                           count_text(p.group),
                                           csv_field(p.activation),
                                           csv_number(p.lr),
                                           p.init,
                                           count_text(p.parameters),
                                           count_text(seeds),
                                           number_text(mean),
                                           number_text(low),
                                           number_text(high),
                                           number_text(behind),
                                           number_text(behind_low),
                                           number_text(behind_high),
                                           number_text(chance),
                                           count_text(p.left_in_rung),
                                           number_text(p.validation_loss),
                                           number_text(p.step_seconds)};
  return fmt::format("{}\n", fmt::join(fields, ","));
}

Json interval_json(const Interval& i) { return {json_number(i.low), json_number(i.high)}; }

Json object(const Place& p) {
  Json one = {{"rank", p.rank == 0 ? Json(nullptr) : Json(p.rank)},
              {"group", p.group == 0 ? Json(nullptr) : Json(p.group)},
              {"activation", p.activation},
              {"lr", p.lr}};
  if (p.left_in_rung > 0) {
    one["left_in_rung"] = p.left_in_rung;
    one["validation_loss"] = json_number(p.validation_loss.value_or(NAN));
    return one;
  }
  one["init"] = p.init;
  one["parameters"] = p.parameters;
  if (p.end) {
    one["seeds"] = p.end->count;
    one["mean"] = json_number(p.end->mean);
    one["interval"] = interval_json(p.end->interval);
  }
  if (p.behind) {
    one["behind"] = {{"mean", json_number(p.behind->mean)},
                     {"interval", interval_json(p.behind->interval)},
                     {"won", p.behind->higher},
                     {"p", p.p}};
  }
  if (p.step_seconds) one["step_seconds"] = *p.step_seconds;
  return one;
}

}  // namespace

std::string ranking_csv(const Choice& choice, const ChoiceFindings& found) {
  std::string text = fmt::format("{}\n", fmt::join(kRankingColumns, ","));
  for (const Place& p : places_of(choice, found)) text += line(p);
  return text;
}

std::string ranking_json(const Choice& choice, const ChoiceFindings& found) {
  const Metric metric = found.overview.deciding();
  Json groups = Json::array();
  for (const std::vector<std::size_t>& group : found.groups) {
    groups.push_back(Json::array());
    for (const std::size_t i : group) groups.back().push_back(found.overview.series[i].name);
  }
  Json ranking = Json::array();
  Json left_out = Json::array();
  for (const Place& p : places_of(choice, found)) {
    (p.left_in_rung > 0 ? left_out : ranking).push_back(object(p));
  }
  const Json root = {{"metric", noun(metric)},     {"better", best_word(metric)},
                     {"headline", found.headline}, {"recommendation", found.recommendation},
                     {"groups", groups},           {"ranking", ranking},
                     {"left_out", left_out},       {"seconds", choice.seconds}};
  return root.dump(2) + "\n";
}

}  // namespace actfn::lab
