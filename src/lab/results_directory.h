// SPDX-License-Identifier: Apache-2.0
// Where a comparison keeps what it finds.
#pragma once

#include "lab/file.h"
#include "lab/results.h"

#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace actfn::lab {

// A directory that holds results.csv, results.json and report.html. A run works in a new directory
// below it, unfinished, where epochs go into results.csv as they finish; finish() moves the three
// files up, over those of an earlier run. So a killed run keeps what it had finished, and takes
// nothing from others. What was made for nothing is removed again.
//
// All functions throw std::runtime_error where something cannot be written.
class ResultsDirectory {
 public:
  // Makes the directory and locks it: no other process can use it. `fresh`: one that does not
  // exist yet, if need be with a number behind its name. `activations` are the settings': rows
  // hold their names.
  ResultsDirectory(const std::filesystem::path& directory, std::vector<Nonlinearity> activations,
                   bool fresh = false);
  ~ResultsDirectory();
  ResultsDirectory(const ResultsDirectory&) = delete;
  ResultsDirectory& operator=(const ResultsDirectory&) = delete;

  void add(const EpochResult& epoch);
  // An interrupted run leaves the results of an earlier one alone, and its own where they are.
  void finish(const Comparison& comparison, std::string_view report);
  // Where the report is, once it is finished.
  std::filesystem::path report() const;

 private:
  explicit ResultsDirectory(std::vector<Nonlinearity> activations);
  void make(const std::filesystem::path& directory, bool fresh);
  void lock();
  void clean();
  void move_up();
  bool has_results() const;

  std::filesystem::path directory_;
  std::filesystem::path made_;  // the topmost directory that we made; empty: none
  std::filesystem::path lock_name_;
  File lock_;
  std::filesystem::path running_;  // where this run's files are; empty: moved up
  std::vector<Nonlinearity> activations_;
  File log_;
};

}  // namespace actfn::lab
