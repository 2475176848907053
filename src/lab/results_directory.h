// SPDX-License-Identifier: Apache-2.0
// Where a comparison keeps what it finds.
#pragma once

#include "files/directory_lock.h"
#include "lab/chart.h"
#include "lab/file.h"
#include "lab/results.h"

#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::lab {

// A directory that holds results.csv, results.json, report.html, which is index.html where settings
// say inspect, and probes.csv where there were any. A run works in a new directory
// below it, unfinished, which has its settings in settings.json and gets rows into results.csv as
// epochs finish, and those of the probe into probes.csv; where settings ask for them, weights are
// in the folder weights and files for TensorBoard in tensorboard. finish() adds the folder figures
// and moves all of it up, over those of an earlier run. So a killed run keeps what it had finished,
// and takes nothing from others. What was made for nothing is removed again.
//
// All functions throw std::runtime_error where something cannot be written.
class ResultsDirectory {
 public:
  enum class Start {
    fresh,  // a directory that does not exist yet, if need be with a number behind its name
    empty,  // one that has no results; Error where it has
    any
  };

  // Makes the directory and locks it: no other process can use it.
  ResultsDirectory(const std::filesystem::path& directory, Start start);
  ~ResultsDirectory();
  ResultsDirectory(const ResultsDirectory&) = delete;
  ResultsDirectory& operator=(const ResultsDirectory&) = delete;

  const std::filesystem::path& directory() const { return directory_; }
  // Where earlier runs have left something: this directory, and those below it of killed runs.
  std::vector<std::filesystem::path> earlier_runs() const;

  // What add() and finish() are about. finish() removes the directories of the runs that this one
  // goes on with; they are some of earlier_runs().
  void begin(const CompareSettings& settings, std::vector<std::filesystem::path> continued = {});
  void add(const EpochResult& epoch);
  void add(std::span<const LayerProbe> probes);
  // The weights of a training, as NAME.safetensors, by training_name().
  void save(const std::string& name, std::string_view weights);
  // An interrupted run leaves the results of an earlier one alone, and its own where they are.
  void finish(const Comparison& comparison, std::string_view report,
              std::span<const Chart> figures = {});
  // Of a saved network, without trainings: probes.csv, index.html and figures alone.
  void finish(std::string_view probes, std::string_view page, std::span<const Chart> figures = {});
  // Where the page is, once it is finished.
  std::filesystem::path report() const;
  std::filesystem::path weights() const;
  std::filesystem::path tensorboard() const;

 private:
  ResultsDirectory() = default;
  void make(const std::filesystem::path& directory, bool fresh);
  void clean();
  void move_up();
  void move_all_up();
  const char* page_name() const;
  std::filesystem::path place(const char* name) const;
  void append_event(const EpochResult& epoch);
  void write_events(const Comparison& comparison);
  void gather_continued();
  void remove_continued();
  bool has_results() const;

  std::filesystem::path directory_;
  std::filesystem::path made_;  // the topmost directory that we made; empty: none
  files::DirectoryLock lock_;
  std::filesystem::path running_;  // where this run's files are; empty: moved up
  CompareSettings settings_;
  std::string settings_text_;
  std::vector<std::filesystem::path> continued_;
  File log_;
  File probes_log_;
  std::set<std::string> with_events_;  // trainings that have an event file
};

}  // namespace actfn::lab
