// SPDX-License-Identifier: Apache-2.0
// docs/modules.md against the library: modules_test. modules_test --update writes it.
#include <actfn/catalogue.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

#include "conformance/onnx/counts.h"
#include "modules/document.h"
#include "temporary_directory.h"

namespace actfn::modules {
namespace {

const std::filesystem::path kRoot = ACTFN_SOURCE_DIR;
const std::filesystem::path kPage = kRoot / "docs/modules.md";

const std::vector<Row>& all_rows() {
  static const std::vector<Row> all = rows();
  return all;
}

std::string name_of_cell(const Row& row, std::size_t i) {
  return std::string(row.module->name) + ", " + std::string(text_of(static_cast<Column>(i)).title);
}

TEST(Modules, ThePageSaysWhatTheLibraryDoes) {
  EXPECT_EQ(testing::read_file(kPage), document(all_rows()))
      << "scripts/modules writes docs/modules.md again";
}

// "[^1]" in a table, and "[^1]: " before its text.
TEST(Modules, EveryMarkHasItsText) {
  const std::string text = testing::read_file(kPage);
  std::size_t marks = 0;
  for (std::size_t at = text.find("[^"); at != std::string::npos; at = text.find("[^", at + 1)) {
    const std::string mark = text.substr(at, text.find(']', at) + 1 - at);
    EXPECT_NE(text.find("\n" + mark + ": "), std::string::npos) << mark;
    ++marks;
  }
  EXPECT_GT(marks, remarks().size());
}

TEST(Modules, AreThoseOfPyTorch) {
  std::set<std::string_view> names;
  for (const Module& module : modules()) names.insert(module.name);
  EXPECT_EQ(names.size(), 30U);
  EXPECT_EQ(modules().size(), 30U);
}

TEST(Modules, WhatIsMissingHasAReason) {
  for (const Row& row : all_rows()) {
    for (std::size_t i = 0; i < kColumns; ++i) {
      if (!row.cells[i].empty()) continue;
      EXPECT_FALSE(remarks_of(row.module->name, static_cast<Column>(i), false).empty())
          << name_of_cell(row, i);
    }
  }
}

// A reason for what is there by now would be of no use, nor a note on what is not.
TEST(Modules, NoRemarkIsOutOfDate) {
  for (const Remark& remark : remarks()) {
    for (const std::string_view name : remark.modules) {
      const auto row =
          std::ranges::find(all_rows(), name, [](const Row& one) { return one.module->name; });
      ASSERT_NE(row, all_rows().end()) << name;
      const auto column = static_cast<std::size_t>(remark.column);
      const bool filled = !row->cells[column].empty();
      EXPECT_EQ(remark.filled, filled) << name_of_cell(*row, column) << ": " << remark.text;
    }
  }
}

TEST(Modules, TheTestsThatAreNamedExist) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < kColumns; ++i) {
    std::istringstream words{std::string(text_of(static_cast<Column>(i)).proof)};
    for (std::string word; words >> word;) {
      word.erase(0, word.find_first_not_of("(`\""));
      word.erase(word.find_last_not_of("),;`.:\"") + 1);
      if (word.find('/') == std::string::npos) continue;
      EXPECT_TRUE(std::filesystem::exists(kRoot / word)) << word;
      ++count;
    }
  }
  EXPECT_GE(count, kColumns);
}

TEST(Modules, WhatPyTorchHasElsewhereIsInTheCatalogue) {
  for (const Elsewhere& one : elsewhere()) {
    EXPECT_TRUE(std::ranges::any_of(catalogue(), [&](const FunctionInfo& f) {
      return f.name == one.function;
    })) << one.function;
  }
}

TEST(Modules, CountsOfNodeTestsAreOfFunctionsThatAreKnown) {
  for (const auto& count : conformance::kNodeTests) {
    const bool is_known =
        std::ranges::any_of(modules(), [&](const Module& m) { return m.onnx == count.function; }) ||
        std::ranges::any_of(catalogue(),
                            [&](const FunctionInfo& f) { return f.name == count.function; });
    EXPECT_TRUE(is_known) << count.function;
  }
}

int update() {
  std::ofstream out(kPage);
  out << document(all_rows());
  out.close();
  if (!out) std::cerr << kPage << " cannot be written\n";
  return out ? 0 : 1;
}

}  // namespace
}  // namespace actfn::modules

int main(int argc, char** argv) {
  try {
    ::testing::InitGoogleTest(&argc, argv);
    if (argc > 1 && std::string_view(argv[1]) == "--update") return actfn::modules::update();
    return RUN_ALL_TESTS();
  } catch (const std::exception& e) {
    std::cerr << "modules_test: " << e.what() << '\n';
    return 1;
  }
}
