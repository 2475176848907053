// SPDX-License-Identifier: Apache-2.0
// docs/hashes.json: JSON that this program writes, and reads back by its lines.
#pragma once

#include <array>
#include <map>
#include <string>

namespace actfn::hashes {

// "gelu(approximate=tanh) float32" -> of its value, first and second derivative
using Section = std::map<std::string, std::array<std::string, 3>>;

struct File {
  std::map<std::string, std::string> about;  // commit, date, cpu, target
  std::map<std::string, Section> sections;   // by the name of the set of inputs
};

// Throws std::runtime_error where there is no such file.
File read(const std::string& path);
void write(const std::string& path, const File& file);

}  // namespace actfn::hashes
