// SPDX-License-Identifier: Apache-2.0
#include "data/directory.h"

#include "data/failure.h"

#include <algorithm>
#include <system_error>

namespace actfn::data {

namespace fs = std::filesystem;

std::vector<fs::path> entries_of(const fs::path& directory) {
  std::error_code error;
  std::vector<fs::path> all;
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error)) {
    all.push_back(at->path());
  }
  if (error) fail(directory, error.message());
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
