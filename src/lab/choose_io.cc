// SPDX-License-Identifier: Apache-2.0
#include "lab/choose_io.h"

#include "lab/choose_plan.h"
#include "lab/choose_run.h"
#include "lab/csv_text.h"
#include "lab/replace_file.h"
#include "lab/results_io.h"
#include "lab/results_read.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

namespace actfn::lab {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;

Json object(const Stage& s) {
  return {{"pairs", s.pairs}, {"share", s.share}, {"epochs", s.epochs}, {"seeds", s.seeds}};
}

Json object(const ChoosePlan& plan) {
  Json rungs = Json::array();
  for (const Stage& rung : plan.rungs) rungs.push_back(object(rung));
  return {{"rungs", rungs}, {"final", object(plan.final)}, {"core_seconds", plan.seconds}};
}

Stage stage_of(const Json& j) {
  return {j.at("pairs"), j.at("share"), j.at("epochs"),
          j.at("seeds").get<std::vector<std::uint64_t>>()};
}

// Rungs have one seed each, and no seed is in two stages: rows are told apart by it.
void require_plan(const ChoosePlan& plan) {
  std::uint64_t next = 1;
  const auto check = [&](const Stage& s, std::size_t fewest, std::size_t most) {
    bool fits = s.pairs >= 1 && s.epochs >= 1 && s.share > 0 && s.share <= 1 &&
                s.seeds.size() >= fewest && s.seeds.size() <= most;
    for (const std::uint64_t seed : s.seeds) fits = fits && seed == next++;
    if (!fits) throw std::invalid_argument("has a plan that choose does not make");
  };
  for (const Stage& rung : plan.rungs) check(rung, 1, 1);
  check(plan.final, kFewestFinalSeeds, kMostFinalSeeds);
}

ChoosePlan plan_in(const Json& j) {
  ChoosePlan plan;
  for (const Json& rung : j.at("rungs")) plan.rungs.push_back(stage_of(rung));
  plan.final = stage_of(j.at("final"));
  plan.seconds = j.at("core_seconds");
  require_plan(plan);
  return plan;
}

StoredPlan stored_in(const fs::path& file, const Json& root) {
  StoredPlan stored;
  ChooseSettings& s = stored.settings;
  s.training = read_settings(file, root.at("training").dump());
  s.budget = root.at("budget");
  s.speed = root.at("speed");
  s.finalists = root.at("finalists");
  s.seeds = root.at("seeds");
  require_settings(s);
  stored.plan = plan_in(root.at("plan"));
  return stored;
}

// Settings that know the seeds of all stages.
CompareSettings all_seeds(const StoredPlan& of) {
  CompareSettings s = of.settings.training;
  s.seeds.clear();
  for (const Stage& rung : of.plan.rungs) s.seeds.push_back(rung.seeds[0]);
  s.seeds.insert(s.seeds.end(), of.plan.final.seeds.begin(), of.plan.final.seeds.end());
  return s;
}

const Stage& stage_with(const ChoosePlan& plan, std::uint64_t seed) {
  for (const Stage& rung : plan.rungs) {
    if (rung.seeds[0] == seed) return rung;
  }
  return plan.final;
}

}  // namespace

std::string settings_text(const StoredPlan& stored) {
  const ChooseSettings& s = stored.settings;
  const Json root = {
      {"version", kVersion},         {"command", "choose"},
      {"budget", s.budget},          {"speed", s.speed},
      {"finalists", s.finalists},    {"seeds", s.seeds},
      {"plan", object(stored.plan)}, {"training", Json::parse(settings_json(s.training))}};
  return root.dump(2) + "\n";
}

StoredPlan read_plan(const fs::path& file) {
  try {
    return stored_in(file, Json::parse(read_text(file)));
  } catch (const Json::parse_error&) {  // its message repeats what the file has
    throw std::runtime_error(fmt::format("[choose] {}: is not JSON", file.string()));
  } catch (const Json::exception& e) {
    throw std::runtime_error(
        fmt::format("[choose] {}: is not what choose has written ({})", file.string(), e.what()));
  } catch (const std::invalid_argument& e) {
    throw std::runtime_error(fmt::format("[choose] {}: {}", file.string(), e.what()));
  }
}

std::string choice_heading() { return "stage," + csv({}, {}); }

std::string choice_rows(const StoredPlan& of, std::span<const EpochResult> rows) {
  std::string text;
  for (const EpochResult& row : rows) {
    text += stage_key(of.plan, row.seed) + "," +
            csv_row(row, of.settings.training.activations[row.activation]);
  }
  return text;
}

std::vector<EpochResult> read_choice_rows(const fs::path& file, const StoredPlan& of) {
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return {};
  keep_whole_lines("choose", file);
  if (read_text(file) == choice_heading()) return {};
  const std::vector<EpochResult> all = read_rows(file, all_seeds(of));
  std::vector<EpochResult> whole;
  for (std::size_t begin = 0; begin < all.size();) {
    std::size_t end = begin + 1;  // of one training
    while (end < all.size() && all[end].epoch > all[end - 1].epoch) ++end;
    const auto rows = std::span(all).subspan(begin, end - begin);
    const Stage& stage = stage_with(of.plan, rows[0].seed);
    if (is_whole(rows, stage, &stage == &of.plan.final)) {
      whole.insert(whole.end(), rows.begin(), rows.end());
    }
    begin = end;
  }
  return whole;
}

}  // namespace actfn::lab
