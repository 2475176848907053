// SPDX-License-Identifier: Apache-2.0
#include "lab/move_tree.h"

#include "lab/file.h"
#include "lab/replace_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace actfn::lab {
namespace {

namespace fs = std::filesystem;

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::symlink_status(path, ignored).type() == fs::file_type::directory;
}

}  // namespace

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(path, ignored));
}

void move_file(const fs::path& from, const fs::path& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) fail_to_write("compare", to, errno);
}

void move_tree(const fs::path& from, const fs::path& to, Taken taken) {
  if (!is_folder(from)) return;
  if (::mkdir(to.c_str(), 0777) != 0 && errno != EEXIST) fail_to_write("compare", to, errno);
  for (const fs::path& entry : entries_of(from)) {
    const fs::path place = to / entry.filename();
    if (is_folder(entry)) {
      move_tree(entry, place, taken);
    } else if (taken == Taken::replaced || !is_there(place)) {
      move_file(entry, place);
    } else {
      ::unlink(entry.c_str());
    }
  }
  sync_directory(to);
  ::rmdir(from.c_str());
}

}  // namespace actfn::lab
