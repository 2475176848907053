// SPDX-License-Identifier: Apache-2.0
// A directory for a target's files, as long as it runs.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "support/require.h"

namespace actfn::fuzz {

class Directory {
 public:
  Directory() {
    std::string name = std::filesystem::temp_directory_path() / "actfn-fuzz-XXXXXX";
    require(mkdtemp(name.data()) != nullptr, "no directory");
    path_ = name;
  }
  ~Directory() { std::filesystem::remove_all(path_); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace actfn::fuzz
