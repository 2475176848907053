// SPDX-License-Identifier: Apache-2.0
#include "files/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <utility>

namespace actfn::files {
namespace {

constexpr mode_t kEveryone = 0666;  // less the umask

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// Some file systems cannot: then there is nothing to wait for.
bool sync(int descriptor) { return ::fsync(descriptor) == 0 || errno == EINVAL; }

}  // namespace

File::File(const std::filesystem::path& file, int flags)
    : descriptor_(::open(file.c_str(), flags | O_NOFOLLOW | O_CLOEXEC, kEveryone)) {}

File::File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

File& File::operator=(File&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

File::~File() { close(); }

bool File::append(std::string_view text) const {
  const off_t before = ::lseek(descriptor_, 0, SEEK_END);
  if (write_all(descriptor_, text) && sync(descriptor_)) return true;
  const int error = errno;
  // Half a row would read as a wrong one.
  if (before >= 0 && ::ftruncate(descriptor_, before) != 0) errno = error;
  errno = error;
  return false;
}

bool File::close() { return !is_open() || ::close(std::exchange(descriptor_, -1)) == 0; }

File::Lock File::lock(const std::filesystem::path& file) const {
  const bool locked = ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0;
  if (!locked && errno == EWOULDBLOCK) return Lock::busy;
  struct stat mine {};
  struct stat named {};
  const bool same = ::fstat(descriptor_, &mine) == 0 && ::lstat(file.c_str(), &named) == 0 &&
                    mine.st_dev == named.st_dev && mine.st_ino == named.st_ino;
  if (!same) return Lock::gone;
  return locked ? Lock::held : Lock::unknown;
}

std::vector<std::filesystem::path> entries_of(const std::filesystem::path& directory) {
  const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(directory.c_str()), ::closedir);
  std::vector<std::filesystem::path> all;
  while (const dirent* const entry = open ? ::readdir(open.get()) : nullptr) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") all.push_back(directory / name);
  }
  return all;
}

bool sync_directory(const std::filesystem::path& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return true;  // it may be written, but not read
  const bool synced = sync(descriptor);
  ::close(descriptor);
  return synced;
}

}  // namespace actfn::files
