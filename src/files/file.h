// SPDX-License-Identifier: Apache-2.0
// Files by descriptor: what streams cannot do. Failures are left in errno.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

namespace actfn::files {

class File {
 public:
  File() = default;
  // flags: open()'s. No symbolic link is followed, and no child process inherits the file.
  File(const std::filesystem::path& file, int flags);
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  ~File();

  bool is_open() const { return descriptor_ >= 0; }
  // All of the text or, as far as the system can, nothing of it. Then the disk has it.
  bool append(std::string_view text) const;
  bool close();

  // held: by this process alone, until the file is closed. busy: by another one. gone: `file` names
  // another file, or none. unknown: the file system has no locks.
  enum class Lock { held, busy, gone, unknown };
  Lock lock(const std::filesystem::path& file) const;

 private:
  int descriptor_ = -1;
};

// The paths of what a directory holds; none where it cannot be read. Not by std's iterator, which
// ends the process where it gets no memory.
std::vector<std::filesystem::path> entries_of(const std::filesystem::path& directory);

// Makes sure that the disk has the names of a directory.
bool sync_directory(const std::filesystem::path& directory);

}  // namespace actfn::files
