// SPDX-License-Identifier: Apache-2.0
// A choice as text: settings.json, results.csv, ranking.csv, ranking.json.
#pragma once

#include "lab/choose.h"
#include "lab/choose_findings.h"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::lab {

// What a run goes on with.
struct StoredPlan {
  ChooseSettings settings;
  ChoosePlan plan;
};

std::string settings_text(const StoredPlan& stored);
// Throws std::runtime_error that names the file and what is wrong with it.
StoredPlan read_plan(const std::filesystem::path& file);

// results.csv has the stage, "1" or "final", before the columns that compare has.
std::string choice_heading();
std::string choice_rows(const StoredPlan& of, std::span<const EpochResult> rows);
// The trainings that a results.csv has to their end. A last line that is cut short is ignored, and
// removed from the file. Throws what read_plan() throws.
std::vector<EpochResult> read_choice_rows(const std::filesystem::path& file, const StoredPlan& of);

// The ranking, and behind it what was left out.
std::string ranking_csv(const Choice& choice, const ChoiceFindings& found);
std::string ranking_json(const Choice& choice, const ChoiceFindings& found);

}  // namespace actfn::lab
