// SPDX-License-Identifier: Apache-2.0
#include "lab/replace_file.h"

#include "lab/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace actfn::lab {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBegin = ".actfn-";
constexpr std::string_view kEnd = ".tmp";

bool is_temporary(std::string_view name) {
  if (!name.starts_with(kBegin) || !name.ends_with(kEnd)) return false;
  return name.find_first_not_of("0123456789-", kBegin.size()) == name.size() - kEnd.size();
}

fs::path directory_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

// A new file that this process has locked, so that others see that it is no leftover.
std::pair<fs::path, File> make_temporary(std::string_view who, const fs::path& file) {
  for (int i = 0;; ++i) {
    fs::path name = directory_of(file) / fmt::format("{}{}-{}{}", kBegin, getpid(), i, kEnd);
    File temporary(name, O_WRONLY | O_CREAT | O_EXCL);
    if (!temporary.is_open() && errno != EEXIST) fail_to_write(who, file, errno);
    // Between the two calls, another process may have taken it for a leftover.
    const auto lock = temporary.is_open() ? temporary.lock(name) : File::Lock::gone;
    if (lock == File::Lock::held || lock == File::Lock::unknown) {
      return {std::move(name), std::move(temporary)};
    }
  }
}

}  // namespace

void fail_to_write(std::string_view who, const fs::path& file, int error) {
  throw std::runtime_error(fmt::format("[{}] cannot write {}: {}", who, file.string(),
                                       std::generic_category().message(error)));
}

void remove_leftovers(const fs::path& directory) {
  std::error_code ignored;
  for (fs::directory_iterator at(directory, ignored), end; at != end; at.increment(ignored)) {
    if (!is_temporary(at->path().filename().string())) continue;
    const File leftover(at->path(), O_RDWR | O_NONBLOCK);
    if (!leftover.is_open() || leftover.lock(at->path()) != File::Lock::held) continue;
    ::unlink(at->path().c_str());
  }
}

void replace_file(std::string_view who, const fs::path& file, std::string_view content) {
  remove_leftovers(directory_of(file));
  const auto [name, temporary] = make_temporary(who, file);
  // Closed after it is renamed: till then the lock keeps it from being removed.
  if (temporary.append(content) && std::rename(name.c_str(), file.c_str()) == 0 &&
      sync_directory(directory_of(file))) {
    return;
  }
  const int error = errno;
  ::unlink(name.c_str());
  fail_to_write(who, file, error);
}

}  // namespace actfn::lab
