// SPDX-License-Identifier: Apache-2.0
#include "data/directory.h"

#include <dirent.h>

#include "data/failure.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string_view>
#include <system_error>

namespace actfn::data {

namespace fs = std::filesystem;

namespace {

struct CloseDirectory {
  void operator()(DIR* stream) const { closedir(stream); }
};

}  // namespace

// Not by std::filesystem, whose iterator ends the process where it gets no memory.
std::vector<fs::path> entries_of(const fs::path& directory) {
  const std::unique_ptr<DIR, CloseDirectory> stream(opendir(directory.c_str()));
  if (stream == nullptr) fail(directory, std::strerror(errno));
  std::vector<fs::path> all;
  errno = 0;
  while (const dirent* entry = readdir(stream.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") all.push_back(directory / name);
    errno = 0;
  }
  if (errno != 0) fail(directory, std::strerror(errno));
  std::ranges::sort(all);
  return all;
}

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

}  // namespace actfn::data
