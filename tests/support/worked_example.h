// SPDX-License-Identifier: Apache-2.0
// What the tests of worked examples share, which CONTRIBUTING.md and docs/adding.md print. Each
// compiles a file of a function that the library does not have, and sees that the document prints
// the same.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <tuple>

#include "catalogue/facts.h"

namespace actfn::testing {

inline std::string text_of(const std::string& file) {
  std::ifstream in(std::string(ACTFN_SOURCE_DIR) + "/" + file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// A block of code in an item of a list.
inline std::string as_block(const std::string& code) {
  std::istringstream lines(code);
  std::string block = "   ```cpp\n";
  for (std::string line; std::getline(lines, line);) {
    block += (line.empty() ? "" : "   " + line) + "\n";
  }
  return block + "   ```\n";
}

// What a test declares in namespace actfn before anything else.
inline std::string declaration_in(const std::string& test) {
  const std::string begin = "namespace actfn {\n", end = "}  // namespace actfn\n";
  const std::string text = text_of(test);
  const std::size_t from = text.find(begin) + begin.size();
  return text.substr(from, text.find(end) - from);
}

inline bool is_printed(const std::string& code, const std::string& document) {
  return text_of(document).find(as_block(code)) != std::string::npos;
}

// The whole of the example's file, and the struct that the test declares.
inline void expect_printed(const std::string& file, const std::string& test,
                           const std::string& document) {
  EXPECT_TRUE(is_printed(text_of(file), document))
      << document << " does not print " << file << " as it is";
  EXPECT_TRUE(is_printed(declaration_in(test), document))
      << document << " does not print the struct that " << test << " declares:\n"
      << declaration_in(test);
}

// What the catalogue asks of any file.
template <class Math>
void expect_described() {
  const functions::Facts& facts = Math::kFacts;
  for (const auto text : {facts.title, facts.formula, facts.derivative, facts.source, facts.use}) {
    EXPECT_FALSE(text.empty());
  }
  std::apply([](const auto&... parameter) { EXPECT_TRUE((!parameter.name.empty() && ...)); },
             Math::kParameters);
}

}  // namespace actfn::testing
