// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace actfn::files {

// Writes a temporary file into the same directory and renames it, so that there is either the old
// content or the new, whenever the process or the machine stops. Temporary files of processes that
// were killed are removed. Throws std::runtime_error("[who] cannot write FILE: …").
void replace_file(std::string_view who, const std::filesystem::path& file,
                  std::string_view content);

// All of a file; nothing where it cannot be read.
std::string read_text(const std::filesystem::path& file);

// Drops a last line that a kill has cut short. Whether there is a whole line; if not, the file
// stays as it is.
bool keep_whole_lines(std::string_view who, const std::filesystem::path& file);

// With those above it. Throws std::runtime_error("[who] cannot create DIRECTORY: …").
void make_directories(std::string_view who, const std::filesystem::path& directory);

// Removes the temporary files of processes that were killed.
void remove_leftovers(const std::filesystem::path& directory);

[[noreturn]] void fail_to_write(std::string_view who, const std::filesystem::path& file, int error);

}  // namespace actfn::files
