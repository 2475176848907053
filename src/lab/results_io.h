// results.csv and results.json.
#pragma once

#include "lab/results.h"

#include <filesystem>
#include <fstream>
#include <span>
#include <string_view>

namespace actfn::lab {

// All functions here throw std::runtime_error where something cannot be written.

// The directory that a comparison fills. Epochs go into results.csv as they finish, so that a
// killed run keeps what it had finished; finish() puts all three files in their final form. Until
// the first epoch, files of an earlier run stay as they are, and a directory that was made for
// nothing is removed again.
class ResultsDirectory {
 public:
  // Makes the directory, and makes sure that the files can be written.
  // `activations` are the settings': rows hold their names.
  ResultsDirectory(const std::filesystem::path& directory, std::vector<Nonlinearity> activations);
  ~ResultsDirectory();
  ResultsDirectory(const ResultsDirectory&) = delete;
  ResultsDirectory& operator=(const ResultsDirectory&) = delete;

  void add(const EpochResult& epoch);
  void finish(const Comparison& comparison, std::string_view report);
  std::filesystem::path report() const { return directory_ / "report.html"; }

 private:
  void begin_log();

  std::filesystem::path directory_;
  std::vector<Nonlinearity> activations_;
  std::filesystem::path made_;  // the topmost directory that we made; empty: none
  std::ofstream log_;
};

std::string csv(std::span<const EpochResult> epochs, std::span<const Nonlinearity> activations);
std::string json(const Comparison& comparison);

}  // namespace actfn::lab
