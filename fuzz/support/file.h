// SPDX-License-Identifier: Apache-2.0
// A file in memory.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "support/require.h"

namespace actfn::fuzz {

class File {
 public:
  File() : descriptor_(memfd_create("input", 0)) { require(descriptor_ >= 0, "no file"); }
  ~File() { close(descriptor_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }
  void set(std::string_view bytes) const {
    const auto size = static_cast<ssize_t>(bytes.size());
    require(ftruncate(descriptor_, 0) == 0 &&
                pwrite(descriptor_, bytes.data(), bytes.size(), 0) == size,
            "the file cannot be written");
  }

 private:
  int descriptor_;
};

}  // namespace actfn::fuzz
