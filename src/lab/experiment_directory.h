// SPDX-License-Identifier: Apache-2.0
// Where experiments keep what they find.
#pragma once

#include "files/directory_lock.h"
#include "lab/experiment.h"

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::lab {

struct FinishedTrial {
  std::string name;
  std::vector<Row> rows;
  double seconds = 0;
};

struct ExperimentResult {
  const Experiment* experiment = nullptr;
  Outcome outcome;
  std::size_t trials = 0;
  double seconds = 0;  // of all trials
};

// A directory with index.html and a folder for each experiment: data.csv, verdict.json, and the
// figures as SVG and PNG. Until an experiment is finished, its folder has a file for each finished
// trial in trials. Each file is written whole or not at all, so a killed run keeps its finished
// trials.
//
// All functions throw std::runtime_error where something cannot be written.
class ExperimentDirectory {
 public:
  // Makes the directory. Throws Error where it has results and `resume` is false, or where they
  // were measured with another `quick`.
  ExperimentDirectory(std::filesystem::path directory, const Scope& scope, bool resume);

  // By name.
  std::map<std::string, FinishedTrial> finished(const Experiment& experiment) const;
  void keep(const Experiment& experiment, const FinishedTrial& trial) const;
  // data.csv gets all trials, in this order.
  void finish(const ExperimentResult& result, const Scope& scope,
              std::span<const FinishedTrial> trials) const;
  void write_page(std::string_view html) const;

  std::filesystem::path page() const { return directory_ / "index.html"; }
  std::filesystem::path folder(const Experiment& experiment) const;

 private:
  std::filesystem::path directory_;
  files::DirectoryLock lock_;
};

}  // namespace actfn::lab
