// SPDX-License-Identifier: Apache-2.0
#include "lab/choose_directory.h"

#include "lab/figures.h"
#include "lab/move_tree.h"
#include "lab/replace_file.h"

#include <actfn/error.h>
#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace actfn::lab {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kWho = "choose";
constexpr const char* kSettings = "settings.json";
constexpr const char* kResults = "results.csv";

}  // namespace

ChooseDirectory::ChooseDirectory(fs::path directory, bool resume)
    : directory_(std::move(directory)) {
  const bool has_results = is_there(directory_ / kSettings);
  if (resume && !has_results) {
    throw Error(fmt::format("[choose] there is no run to go on with in {}", directory_.string()));
  }
  for (const char* name : {kSettings, kResults, "ranking.json"}) {
    if (resume || !is_there(directory_ / name)) continue;
    throw Error(
        fmt::format("[choose] {} has results already: go on with --resume, or take another "
                    "directory",
                    directory_.string()));
  }
  make_directories(kWho, directory_);
  lock_ = files::DirectoryLock(kWho, "choice", directory_);
}

StoredPlan ChooseDirectory::stored() const { return read_plan(directory_ / kSettings); }

std::vector<EpochResult> ChooseDirectory::finished(const StoredPlan& stored) const {
  return read_choice_rows(directory_ / kResults, stored);
}

void ChooseDirectory::begin(const StoredPlan& stored, std::span<const EpochResult> earlier) {
  stored_ = stored;
  const fs::path results = directory_ / kResults;
  // Whoever has rows has their settings.
  replace_file(kWho, directory_ / kSettings, settings_text(stored));
  replace_file(kWho, results, choice_heading() + choice_rows(stored, earlier));
  log_ = File(results, O_WRONLY);
  if (!log_.is_open()) fail_to_write(kWho, results, errno);
}

void ChooseDirectory::add(std::span<const EpochResult> training) {
  if (log_.append(choice_rows(stored_, training))) return;
  fail_to_write(kWho, directory_ / kResults, errno);
}

void ChooseDirectory::finish(const Choice& choice, const ChoiceFindings& found,
                             std::string_view page, std::span<const Chart> figures) {
  log_.close();
  replace_file(kWho, directory_ / kResults, choice_heading() + choice_rows(stored_, choice.rows));
  replace_file(kWho, directory_ / "ranking.csv", ranking_csv(choice, found));
  replace_file(kWho, directory_ / "ranking.json", ranking_json(choice, found));
  write_figures(kWho, directory_, figures);
  replace_file(kWho, this->page(), page);
}

}  // namespace actfn::lab
