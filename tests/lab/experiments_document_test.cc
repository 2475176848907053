// SPDX-License-Identifier: Apache-2.0
// The list in docs/experiments.md against the experiments.
// experiments_document_test --update [DIR] writes it, with what the run in DIR has seen.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "lab/experiment.h"
#include "temporary_directory.h"

namespace actfn::lab {
namespace {

namespace fs = std::filesystem;
using actfn::testing::read_file;
using actfn::testing::TemporaryDirectory;
using actfn::testing::write_file;

const fs::path kRoot = ACTFN_SOURCE_DIR;
const fs::path kDocument = kRoot / "docs/experiments.md";
constexpr std::string_view kHeading = "\n## The experiments\n";
constexpr std::string_view kSeen = " Seen: ";
constexpr std::string_view kNothing = "not recorded yet.";

using Seen = std::map<std::string, std::string, std::less<>>;  // by experiment

std::string one_line(std::string_view text) {
  std::istringstream words{std::string(text)};
  std::string line;
  for (std::string word; words >> word;) line += (line.empty() ? "" : " ") + word;
  return line;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

// Lines of at most 100 characters; those behind the first are indented.
std::string wrapped(const std::string& text) {
  std::istringstream words(text);
  std::string all;
  std::string line;
  for (std::string word; words >> word;) {
    if (!line.empty() && characters(line) + 1 + characters(word) > 100) {
      all += line + "\n";
      line = " ";
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return all + line + "\n";
}

std::string kind_of(const Experiment& e) {
  return fmt::format("{}{}", in_words(e.method), e.missing ? ", of trained networks" : "");
}

std::string item(const Experiment& e, const Seen& seen) {
  const auto found = seen.find(e.name);
  return wrapped(fmt::format("- `{}` ({}): {} Expected: {}. Set-up: {}{}{}", e.name, kind_of(e),
                             e.claim, e.expected, e.setup, kSeen,
                             found == seen.end() ? std::string(kNothing) : found->second));
}

std::string list(const Seen& seen) {
  std::string text;
  for (const Experiment& e : all_experiments()) text += item(e, seen);
  return text;
}

// Where the list begins.
std::size_t list_of(const std::string& document) {
  const std::size_t heading = document.find(kHeading);
  if (heading == std::string::npos) throw std::runtime_error("there is no list of experiments");
  return document.find("\n- `", heading) + 1;
}

// What the document says was seen.
Seen recorded(const std::string& document) {
  Seen seen;
  std::istringstream lines(document.substr(list_of(document)));
  std::string name;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("- `")) {
      name = line.substr(3, line.find('`', 3) - 3);
      seen[name] = line;
    } else if (!name.empty()) {
      seen[name] += " " + line;
    }
  }
  for (auto& [_, text] : seen) {
    text = one_line(text);
    const std::size_t at = text.rfind(kSeen);
    text = at == std::string::npos ? std::string(kNothing) : text.substr(at + kSeen.size());
  }
  return seen;
}

nlohmann::json json_of(const fs::path& file) {
  std::ifstream in(file);
  return nlohmann::json::parse(in);
}

// "holds, over 5 seeds. FINDING."
std::string seen_of(const nlohmann::json& verdict) {
  const auto holds = verdict.at("holds").get<std::string>();
  const Holds as = holds == "yes" ? Holds::yes : holds == "no" ? Holds::no : Holds::undecided;
  const nlohmann::json& seeds = verdict.at("seeds");
  const std::string over =
      seeds.is_number() ? fmt::format(", over {} seeds", seeds.get<int>()) : "";
  auto finding = verdict.at("finding").get<std::string>();
  if (!finding.ends_with('.')) finding += '.';
  return fmt::format("{}{}. {}", in_words(as), over, finding);
}

void take(const fs::path& run, Seen& seen) {
  if (json_of(run / "settings.json").at("quick").get<bool>()) {
    throw std::runtime_error(run.string() + " is a quick run: it shows less than the claims need");
  }
  for (const Experiment& e : all_experiments()) {
    const fs::path verdict = run / e.name / "verdict.json";
    if (fs::exists(verdict)) seen[e.name] = seen_of(json_of(verdict));
  }
}

std::string written_anew(const std::string& document, const Seen& seen) {
  return document.substr(0, list_of(document)) + list(seen);
}

TEST(ExperimentsDocument, ListsEveryExperiment) {
  const std::string document = read_file(kDocument);
  EXPECT_EQ(document, written_anew(document, recorded(document)))
      << "scripts/experiments writes the list again";
}

TEST(ExperimentsDocument, NamesAreThoseOfTheFiles) {
  std::set<std::string> files;
  for (const auto& entry : fs::directory_iterator(kRoot / "src/lab/experiments")) {
    if (entry.path().extension() != ".cc") continue;
    std::string name = entry.path().stem().string();
    std::ranges::replace(name, '_', '-');
    files.insert(name);
  }
  std::set<std::string> names;
  for (const Experiment& e : all_experiments()) names.insert(e.name);
  EXPECT_EQ(names, files);
}

TEST(ExperimentsDocument, TakesWhatARunHasSeen) {
  const TemporaryDirectory directory;
  fs::create_directories(directory / "minima");
  write_file(directory / "settings.json", R"({"version": 1, "quick": false})");
  write_file(directory / "minima" / "verdict.json",
             R"({"holds": "no", "finding": "They have two", "seeds": 5})");
  Seen seen = {{"minima", "holds."}, {"rrelu", "undecided."}};
  take(directory / ".", seen);
  EXPECT_EQ(seen, (Seen{{"minima", "does not hold, over 5 seeds. They have two."},
                        {"rrelu", "undecided."}}));
  const std::string before = "# E" + std::string(kHeading) + "\nText.\n\n- `old` (exact): A.\n";
  const std::string after = written_anew(before, seen);
  EXPECT_TRUE(after.starts_with("# E\n## The experiments\n\nText.\n\n- `")) << after.substr(0, 60);
  EXPECT_EQ(after.find("`old`"), std::string::npos);
  EXPECT_EQ(recorded(after).at("minima"), seen.at("minima"));
  EXPECT_EQ(recorded(after).at("sigmoid-slope"), kNothing);
  EXPECT_EQ(written_anew(after, recorded(after)), after);
  std::istringstream lines(after);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(characters(line), 100U) << line;
}

TEST(ExperimentsDocument, TakesNothingFromAQuickRun) {
  const TemporaryDirectory directory;
  write_file(directory / "settings.json", R"({"version": 1, "quick": true})");
  Seen seen;
  EXPECT_THROW(take(directory / ".", seen), std::runtime_error);
}

int update(int argc, char** argv) {
  const std::string document = read_file(kDocument);
  Seen seen = recorded(document);
  if (argc > 2) take(argv[2], seen);
  std::ofstream out(kDocument);
  out << written_anew(document, seen);
  out.close();
  if (!out) std::cerr << kDocument << " cannot be written\n";
  return out ? 0 : 1;
}

}  // namespace
}  // namespace actfn::lab

int main(int argc, char** argv) {
  try {
    ::testing::InitGoogleTest(&argc, argv);
    if (argc > 1 && std::string_view(argv[1]) == "--update") return actfn::lab::update(argc, argv);
    return RUN_ALL_TESTS();
  } catch (const std::exception& e) {
    std::cerr << "experiments_document_test: " << e.what() << '\n';
    return 1;
  }
}
