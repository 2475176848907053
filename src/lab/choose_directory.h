// SPDX-License-Identifier: Apache-2.0
// Where a choice keeps what it finds.
#pragma once

#include "files/directory_lock.h"
#include "lab/chart.h"
#include "lab/choose_io.h"
#include "lab/file.h"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::lab {

// A directory with settings.json, results.csv, ranking.csv, ranking.json, index.html and figures.
// The settings are written first, and results.csv gets the rows of each training as soon as it is
// finished; the rest is written in the end. So a killed run keeps its finished trainings.
//
// All functions throw std::runtime_error where something cannot be written.
class ChooseDirectory {
 public:
  // Makes the directory and locks it. Throws Error where it has results and `resume` is false, or
  // where it has none and `resume` is true.
  ChooseDirectory(std::filesystem::path directory, bool resume);

  // What an earlier run had planned, and the trainings that it has finished.
  StoredPlan stored() const;
  std::vector<EpochResult> finished(const StoredPlan& stored) const;

  // `earlier` are all rows that results.csv is to begin with.
  void begin(const StoredPlan& stored, std::span<const EpochResult> earlier);
  void add(std::span<const EpochResult> training);
  void finish(const Choice& choice, const ChoiceFindings& found, std::string_view page,
              std::span<const Chart> figures = {});

  const std::filesystem::path& directory() const { return directory_; }
  std::filesystem::path page() const { return directory_ / "index.html"; }

 private:
  std::filesystem::path directory_;
  files::DirectoryLock lock_;
  StoredPlan stored_;
  File log_;
};

}  // namespace actfn::lab
