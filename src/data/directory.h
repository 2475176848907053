// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

namespace actfn::data {

// Of a directory, sorted by name; fails where it cannot be read.
std::vector<std::filesystem::path> entries_of(const std::filesystem::path& directory);

// False also where that cannot be found out.
bool is_folder(const std::filesystem::path& path);
bool is_there(const std::filesystem::path& path);

}  // namespace actfn::data
