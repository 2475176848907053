// SPDX-License-Identifier: Apache-2.0
#include "files/directory_lock.h"

#include "files/replace_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <utility>

namespace actfn::files {

DirectoryLock::DirectoryLock(std::string_view who, std::string_view user,
                             const std::filesystem::path& directory)
    : name_(directory / ".actfn-lock") {
  auto state = File::Lock::gone;
  while (state == File::Lock::gone) {  // the one who had it has just removed it
    file_ = File(name_, O_RDWR | O_CREAT);
    if (!file_.is_open()) fail_to_write(who, name_, errno);
    state = file_.lock(name_);
  }
  if (state != File::Lock::busy) return;
  file_.close();
  throw std::runtime_error("[" + std::string(who) + "] another " + std::string(user) +
                           " is using " + directory.string());
}

DirectoryLock& DirectoryLock::operator=(DirectoryLock&& other) noexcept {
  release();
  name_ = std::move(other.name_);
  file_ = std::move(other.file_);
  return *this;
}

void DirectoryLock::release() {
  if (file_.is_open()) ::unlink(name_.c_str());
  file_.close();
}

}  // namespace actfn::files
