// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace actfn::lab {

// Also a symbolic link that leads nowhere.
bool is_there(const std::filesystem::path& path);

// Renames a file, over another one. Throws std::runtime_error("[compare] cannot write TO: …").
void move_file(const std::filesystem::path& from, const std::filesystem::path& to);

// What happens to a file whose name is taken.
enum class Taken { replaced, stays };

// Moves each file in the directory `from` and in those below it to its place below `to`, file by
// file: after a kill, the same call goes on. With Taken::stays, files whose names are taken are
// removed. Directories that become empty are removed; a `from` that is not there is no error.
void move_tree(const std::filesystem::path& from, const std::filesystem::path& to, Taken taken);

}  // namespace actfn::lab
