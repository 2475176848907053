// results.csv and results.json.
#pragma once

#include "lab/results.h"

#include <filesystem>
#include <fstream>
#include <span>
#include <string_view>

namespace actfn::lab {

// The tidy table, row by row as epochs finish: a killed run keeps what it had finished.
// All functions here throw std::runtime_error where a file cannot be written.
class CsvLog {
 public:
  explicit CsvLog(std::filesystem::path file);  // begins it anew
  void add(const EpochResult& epoch);

 private:
  std::filesystem::path file_;
  std::ofstream out_;
};

std::string csv(std::span<const EpochResult> epochs);
std::string json(const Comparison& comparison);

// By way of a temporary file beside it, so that there is either the old content or the new.
void replace_file(const std::filesystem::path& file, std::string_view content);

}  // namespace actfn::lab
