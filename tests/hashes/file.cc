// SPDX-License-Identifier: Apache-2.0
#include "file.h"

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

namespace actfn::hashes {
namespace {

// What stands in quotes.
std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  for (auto at = line.find('"'); at != std::string::npos; at = line.find('"', at)) {
    const auto end = line.find('"', at + 1);
    if (end == std::string::npos) break;
    words.push_back(line.substr(at + 1, end - at - 1));
    at = end + 1;
  }
  return words;
}

std::string quoted(const std::string& word) { return '"' + word + '"'; }

std::string text_of(const Section& section) {
  std::string text;
  for (const auto& [name, h] : section) {
    text += text.empty() ? "" : ",\n";
    text += "    " + quoted(name) + ": [" + quoted(h[0]) + ", " + quoted(h[1]) + ", " +
            quoted(h[2]) + "]";
  }
  return text;
}

}  // namespace

File read(const std::string& path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error("cannot read " + path);
  File file;
  Section* section = nullptr;
  for (std::string line; std::getline(in, line);) {
    const auto words = words_of(line);
    if (words.size() == 1 && line.ends_with('{')) section = &file.sections[words[0]];
    if (words.size() == 2 && section == nullptr) file.about[words[0]] = words[1];
    if (words.size() == 4 && section != nullptr) {
      (*section)[words[0]] = {words[1], words[2], words[3]};
    }
  }
  return file;
}

void write(const std::string& path, const File& file) {
  std::string text = "{\n";
  for (const auto& [name, value] : file.about) {
    text += "  " + quoted(name) + ": " + quoted(value) + ",\n";
  }
  std::string separator;
  for (const auto& [name, section] : file.sections) {
    text += separator + "  " + quoted(name) + ": {\n" + text_of(section) + "\n  }";
    separator = ",\n";
  }
  const std::string beside = path + ".tmp";  // a run that is killed leaves the old file
  std::ofstream out(beside);
  out << text << "\n}\n";
  out.close();
  if (!out) throw std::runtime_error("cannot write " + beside);
  std::filesystem::rename(beside, path);
}

}  // namespace actfn::hashes
