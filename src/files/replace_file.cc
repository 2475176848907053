// SPDX-License-Identifier: Apache-2.0
#include "files/replace_file.h"

#include "files/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace actfn::files {
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
    std::string last(kBegin);
    last.append(std::to_string(getpid())).append("-").append(std::to_string(i)).append(kEnd);
    fs::path name = directory_of(file) / last;
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
  throw std::runtime_error("[" + std::string(who) + "] cannot write " + file.string() + ": " +
                           std::generic_category().message(error));
}

std::string read_text(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool keep_whole_lines(std::string_view who, const fs::path& file) {
  const std::string text = read_text(file);
  if (text.ends_with('\n')) return true;
  const std::size_t end = text.rfind('\n');
  if (end == std::string::npos) return false;
  replace_file(who, file, std::string_view(text).substr(0, end + 1));
  return true;
}

void make_directories(std::string_view who, const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (!error) return;
  throw std::runtime_error("[" + std::string(who) + "] cannot create " + directory.string() + ": " +
                           error.message());
}

void remove_leftovers(const fs::path& directory) {
  for (const fs::path& file : entries_of(directory)) {
    if (!is_temporary(file.filename().string())) continue;
    const File leftover(file, O_RDWR | O_NONBLOCK);
    if (!leftover.is_open() || leftover.lock(file) != File::Lock::held) continue;
    ::unlink(file.c_str());
  }
}

void replace_file(std::string_view who, const fs::path& file, std::string_view content) {
  const fs::path directory = directory_of(file);  // no memory is needed after the renaming
  remove_leftovers(directory);
  const auto [name, temporary] = make_temporary(who, file);
  // Closed after it is renamed: till then the lock keeps it from being removed.
  if (temporary.append(content) && std::rename(name.c_str(), file.c_str()) == 0 &&
      sync_directory(directory)) {
    return;
  }
  const int error = errno;
  ::unlink(name.c_str());
  fail_to_write(who, file, error);
}

}  // namespace actfn::files
