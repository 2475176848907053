// SPDX-License-Identifier: Apache-2.0
// What a run of experiments has written.
#pragma once

#include <filesystem>
#include <map>
#include <regex>
#include <string>

#include "temporary_directory.h"

namespace actfn::testing {

// All files by their names, without seconds.
inline std::map<std::string, std::string> files_without_seconds(
    const std::filesystem::path& directory) {
  std::map<std::string, std::string> all;
  const std::regex json("\"seconds\": [^\n]*");
  const std::regex csv("^([^,\n]+),[0-9.]+,", std::regex::multiline);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    std::string text = read_file(entry.path());
    if (entry.path().extension() == ".json") text = std::regex_replace(text, json, "");
    if (entry.path().extension() == ".csv") text = std::regex_replace(text, csv, "$1,");
    all[std::filesystem::relative(entry.path(), directory).string()] = text;
  }
  return all;
}

}  // namespace actfn::testing
