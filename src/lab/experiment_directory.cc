// SPDX-License-Identifier: Apache-2.0
#include "lab/experiment_directory.h"

#include "catalogue/number.h"
#include "lab/replace_file.h"

#include <actfn/error.h>
#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace actfn::lab {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::string_view kWho = "experiment";
constexpr const char* kSettings = "settings.json";
constexpr const char* kTrials = "trials";
constexpr const char* kData = "data.csv";
constexpr const char* kVerdict = "verdict.json";

// data.csv has the trial and its seconds before the columns of the experiment.
std::vector<std::string> all_columns(const Experiment& experiment) {
  std::vector<std::string> columns = {"trial", "seconds"};
  columns.insert(columns.end(), experiment.columns.begin(), experiment.columns.end());
  return columns;
}

void take_rows(const Experiment& experiment, const fs::path& file,
               std::map<std::string, FinishedTrial>& to) {
  for (Row& row : rows_of_csv(read_text(file), all_columns(experiment))) {
    FinishedTrial& trial = to[row[0]];
    trial.name = row[0];
    trial.seconds = read_number<double>(row[1]).value_or(0);
    trial.rows.emplace_back(std::make_move_iterator(row.begin() + 2),
                            std::make_move_iterator(row.end()));
  }
}

std::string csv_of(const Experiment& experiment, std::span<const FinishedTrial> trials) {
  std::vector<Row> rows;
  for (const FinishedTrial& trial : trials) {
    for (const Row& row : trial.rows) {
      rows.push_back({trial.name, fmt::format("{:.3f}", trial.seconds)});
      rows.back().insert(rows.back().end(), row.begin(), row.end());
    }
  }
  return to_csv({all_columns(experiment), std::move(rows)});
}

std::string settings_text(const Scope& scope) {
  return Json{{"version", 1}, {"quick", scope.quick}}.dump(2) + "\n";
}

void require_same(const fs::path& directory, const Scope& scope) {
  const std::string had = read_text(directory / kSettings);
  if (had.empty() || had == settings_text(scope)) return;
  const bool quick = had == settings_text({.quick = true});
  if (quick == scope.quick) {
    throw Error(fmt::format("[experiment] {} is not what an experiment has written",
                            (directory / kSettings).string()));
  }
  throw Error(fmt::format("[experiment] {} has results {} --quick: take another directory",
                          directory.string(), quick ? "with" : "without"));
}

Json interval_of(const Verdict& verdict) {
  if (!verdict.interval) return nullptr;
  return Json::array({verdict.interval->low, verdict.interval->high});
}

std::string verdict_text(const ExperimentResult& result, const Scope& scope) {
  const Experiment& e = *result.experiment;
  const Verdict& v = result.outcome.verdict;
  Json json = {{"name", e.name},
               {"claim", e.claim},
               {"source", e.source},
               {"setup", e.setup},
               {"expected", e.expected},
               {"measured", v.measured},
               {"interval", interval_of(v)},
               {"tolerance", v.tolerance},
               {"holds", to_string(v.holds)},
               {"finding", v.finding},
               {"seeds", e.method == Method::networks ? Json(scope.seeds) : Json(nullptr)},
               {"trials", result.trials},
               {"seconds", result.seconds}};
  return json.dump(2) + "\n";
}

}  // namespace

ExperimentDirectory::ExperimentDirectory(fs::path directory, const Scope& scope, bool resume)
    : directory_(std::move(directory)) {
  const bool has_results = !read_text(directory_ / kSettings).empty();
  if (has_results && !resume) {
    throw Error(fmt::format(
        "[experiment] {} has results already: go on with --resume, or take another directory",
        directory_.string()));
  }
  require_same(directory_, scope);
  png_of(R"(<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>)");  // now, not later
  make_directories(kWho, directory_);
  lock_ = files::DirectoryLock(kWho, "run of experiments", directory_);
  replace_file(kWho, directory_ / kSettings, settings_text(scope));
}

fs::path ExperimentDirectory::folder(const Experiment& experiment) const {
  return directory_ / experiment.name;
}

std::map<std::string, FinishedTrial> ExperimentDirectory::finished(
    const Experiment& experiment) const {
  std::map<std::string, FinishedTrial> all;
  take_rows(experiment, folder(experiment) / kData, all);
  for (const fs::path& file : files::entries_of(folder(experiment) / kTrials)) {
    const std::string name = file.stem().string();
    std::map<std::string, FinishedTrial> one;
    take_rows(experiment, file, one);
    if (const auto found = one.find(name); found != one.end()) all[name] = found->second;
  }
  return all;
}

void ExperimentDirectory::keep(const Experiment& experiment, const FinishedTrial& trial) const {
  make_directories(kWho, folder(experiment) / kTrials);
  replace_file(kWho, folder(experiment) / kTrials / (trial.name + ".csv"),
               csv_of(experiment, {&trial, 1}));
}

void ExperimentDirectory::finish(const ExperimentResult& result, const Scope& scope,
                                 std::span<const FinishedTrial> trials) const {
  const fs::path to = folder(*result.experiment);
  make_directories(kWho, to);
  replace_file(kWho, to / kData, csv_of(*result.experiment, trials));
  for (const Chart& figure : result.outcome.figures) {
    const std::string svg = chart_svg(figure);
    replace_file(kWho, to / (figure.file + ".svg"), svg);
    replace_file(kWho, to / (figure.file + ".png"), png_of(svg));
  }
  replace_file(kWho, to / kVerdict, verdict_text(result, scope));
  std::error_code ignored;
  fs::remove_all(to / kTrials, ignored);
}

void ExperimentDirectory::write_page(std::string_view html) const {
  replace_file(kWho, page(), html);
}

}  // namespace actfn::lab
