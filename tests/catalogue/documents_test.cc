// SPDX-License-Identifier: Apache-2.0
// What people read names every function.
#include <actfn/catalogue.h>
#include <gtest/gtest.h>

#include <cctype>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace actfn {
namespace {

// ACTFN_DOCUMENTS: another folder, for the test of this test.
std::string file(const std::string& name) {
  const char* const folder = std::getenv("ACTFN_DOCUMENTS");
  std::ifstream in(std::string(folder != nullptr ? folder : ACTFN_SOURCE_DIR) + "/" + name);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

bool is_part_of_a_name(char c) {
  return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0;
}

bool has_word(const std::string& text, std::string_view word) {
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    const bool begins = at == 0 || !is_part_of_a_name(text[at - 1]);
    const std::size_t end = at + word.size();
    if (begins && (end == text.size() || !is_part_of_a_name(text[end]))) return true;
  }
  return false;
}

TEST(Documents, TheChangelogNamesEveryFunction) {
  const std::string changelog = file("CHANGELOG.md");
  for (const FunctionInfo& f : catalogue()) {
    EXPECT_TRUE(has_word(changelog, f.name)) << "CHANGELOG.md has no line for " << f.name;
  }
}

TEST(Documents, AWordIsNotPartOfAnother) {
  EXPECT_TRUE(has_word("relu, gelu", "relu"));
  EXPECT_FALSE(has_word("leaky_relu, relu6", "relu"));
}

}  // namespace
}  // namespace actfn
