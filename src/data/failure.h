// SPDX-License-Identifier: Apache-2.0
// What readers of files say, and how much they read.
#pragma once

#include "catalogue/size.h"

#include <cstddef>
#include <filesystem>
#include <string>

namespace actfn::data {

inline constexpr std::size_t kMostBytes = std::size_t{1} << 31U;  // of one array, unpacked

// Throws std::runtime_error("[data] FILE: WHAT").
[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what);

// Fails where an array of so many bytes is too large: a small file may unpack to terabytes.
void require_size(const std::filesystem::path& file, Size bytes);

}  // namespace actfn::data
