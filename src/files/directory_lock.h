// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "files/file.h"

#include <filesystem>
#include <string_view>

namespace actfn::files {

// Keeps other processes from using a directory, by a file in it that is removed again.
class DirectoryLock {
 public:
  DirectoryLock() = default;
  // Throws std::runtime_error: "[compare] another comparison is using DIR", with `user` for
  // "comparison".
  DirectoryLock(std::string_view who, std::string_view user,
                const std::filesystem::path& directory);
  DirectoryLock(DirectoryLock&& other) noexcept = default;
  DirectoryLock& operator=(DirectoryLock&& other) noexcept;
  ~DirectoryLock() { release(); }

  void release();

 private:
  std::filesystem::path name_;
  File file_;
};

}  // namespace actfn::files
