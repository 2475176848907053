// SPDX-License-Identifier: Apache-2.0
// gallery and the properties of show; docs/gallery against what the program writes.
#include <actfn/catalogue.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "subprocess.h"
#include "temporary_directory.h"

namespace actfn::testing {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = ACTFN_SOURCE_DIR;

Finished gallery(const std::vector<std::string>& more) {
  std::vector<std::string> all = {"gallery"};
  all.insert(all.end(), more.begin(), more.end());
  return run(program(all));
}

using Files = std::map<std::string, std::string>;

// By their path in the directory.
Files files_of(const fs::path& directory) {
  Files files;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.is_directory()) continue;
    files[fs::relative(entry.path(), directory).string()] = read_file(entry.path());
  }
  return files;
}

TEST(GalleryCommand, WritesAPageOfEachFunctionAndAnIndex) {
  const TemporaryDirectory directory;
  const fs::path out = directory / "new" / "pages";
  const auto got = gallery({"--out", out});
  ASSERT_EQ(got.status, 0) << got.err;
  EXPECT_EQ(got.out, std::to_string(catalogue().size()) +
                         " functions: " + (out / "index.html").string() + "\n");
  const Files files = files_of(out);
  EXPECT_EQ(files.size(), catalogue().size() + 1);
  const std::string& index = files.at("index.html");
  for (const FunctionInfo& f : catalogue()) {
    const std::string page = std::string(f.name) + ".html";
    EXPECT_TRUE(files.contains(page)) << page;
    EXPECT_NE(index.find("href=\"" + page + "\""), std::string::npos) << page;
  }
}

TEST(GalleryCommand, WritesTheSameAgain) {
  const TemporaryDirectory directory;
  ASSERT_EQ(gallery({"--out", directory / "a"}).status, 0);
  ASSERT_EQ(gallery({"--out", directory / "b"}).status, 0);
  EXPECT_EQ(files_of(directory / "a"), files_of(directory / "b"));
}

// scripts/gallery writes docs/gallery.
TEST(GalleryCommand, HasWrittenWhatTheRepositoryHas) {
  const TemporaryDirectory directory;
  ASSERT_EQ(gallery({"--markdown", "--out", directory / "now"}).status, 0);
  const Files now = files_of(directory / "now");
  const Files kept = files_of(kRoot / "docs/gallery");
  for (const auto& [name, content] : now) {
    const auto found = kept.find(name);
    EXPECT_TRUE(found != kept.end() && found->second == content)
        << "docs/gallery/" << name << " is not what the program writes: run scripts/gallery";
  }
  for (const auto& [name, content] : kept) {
    EXPECT_TRUE(now.contains(name)) << "docs/gallery/" << name << " is nothing that is written";
  }
}

TEST(GalleryCommand, SaysWhatIsWrong) {
  const TemporaryDirectory directory;
  auto got = gallery({"--out", ""});
  EXPECT_EQ(got.status, 2);
  EXPECT_EQ(got.err, "actfn: [gallery] --out must be a directory, got ''\n");
  const fs::path file = directory / "file";
  std::ofstream(file) << "in the way";
  got = gallery({"--out", file / "pages"});
  EXPECT_EQ(got.status, 1);
  EXPECT_NE(got.err.find("[gallery] cannot create"), std::string::npos) << got.err;
  got = gallery({"relu"});
  EXPECT_EQ(got.status, 2);
  EXPECT_NE(got.err.find("unexpected argument 'relu'"), std::string::npos) << got.err;
}

TEST(Show, HasThePropertiesForTheParametersThatAreGiven) {
  auto got = run(program({"show", "gelu"}));
  ASSERT_EQ(got.status, 0) << got.err;
  for (const char* const part : {"\nproperties\n", "[−0.16997, ∞)", "1.1289", "\nrecorded\n",
                                 "(accuracy.md)", "gelu-tail"}) {
    EXPECT_NE(got.out.find(part), std::string::npos) << part << "\n" << got.out;
  }
  got = run(program({"show", "leaky_relu(negative_slope=3)", "--json"}));
  const auto json = nlohmann::json::parse(got.out).at(0);
  EXPECT_EQ(json.at("numbers").at("lipschitz"), 3);
  EXPECT_EQ(json.at("numbers").at("smooth_to"), 0);
  EXPECT_EQ(json.at("properties").at("Symmetry"), "none");
}

}  // namespace
}  // namespace actfn::testing
