// SPDX-License-Identifier: Apache-2.0
#include "data/failure.h"

#include <stdexcept>

namespace actfn::data {

void fail(const std::filesystem::path& file, const std::string& what) {
  throw std::runtime_error("[data] " + file.string() + ": " + what);
}

void require_size(const std::filesystem::path& file, Size bytes) {
  if (bytes.value() <= kMostBytes) return;
  const bool is_known = bytes.value() != Size::kMost;
  fail(file, "its header asks for " + (is_known ? std::to_string(bytes.value()) : "2^64 or more") +
                 " bytes, more than the limit of 2 GiB");
}

}  // namespace actfn::data
