// SPDX-License-Identifier: Apache-2.0
// experiment: claims measured, in files.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <thread>

#include "experiment_files.h"
#include "subprocess.h"
#include "temporary_directory.h"

namespace actfn::testing {
namespace {

namespace fs = std::filesystem;

Finished experiment(const std::vector<std::string>& more) {
  std::vector<std::string> all = {"experiment"};
  all.insert(all.end(), more.begin(), more.end());
  return run(program(all));
}

TEST(ExperimentCommand, ListsThem) {
  const auto got = experiment({"list"});
  EXPECT_EQ(got.status, 0) << got.err;
  const std::regex line("sigmoid-slope +exact +The derivative of sigmoid is at most 0\\.25");
  EXPECT_TRUE(std::regex_search(got.out, line)) << got.out;
}

TEST(ExperimentCommand, WritesVerdictFiguresAndPage) {
  const TemporaryDirectory directory;
  const fs::path out = directory / "out";
  auto got = experiment({"sigmoid-slope", "minima", "sigmoid-slope", "--out", out});
  ASSERT_EQ(got.status, 0) << got.err;
  EXPECT_EQ(got.out, "Page: " + (out / "index.html").string() + "\n");
  EXPECT_EQ(lines(got.err).size(), 2) << got.err;
  const auto verdict = nlohmann::json::parse(read_file(out / "sigmoid-slope" / "verdict.json"));
  EXPECT_EQ(verdict["holds"], "yes");
  EXPECT_EQ(verdict["measured"], "0.25 at 0");
  EXPECT_EQ(verdict["seeds"], nullptr);
  EXPECT_TRUE(read_file(out / "sigmoid-slope" / "slope.png").starts_with("\x89PNG"));
  EXPECT_TRUE(read_file(out / "sigmoid-slope" / "slope.svg").starts_with("<svg "));
  EXPECT_NE(read_file(out / "index.html").find("2 claims: 2 hold"), std::string::npos);
  got = experiment({"sigmoid-slope", "--out", out});
  EXPECT_EQ(got.status, 2);
  EXPECT_NE(got.err.find("has results already"), std::string::npos) << got.err;
}

TEST(ExperimentCommand, SaysWhatIsWrong) {
  const TemporaryDirectory directory;
  const std::string out = directory / "out";
  const auto refused = [&](Words words) {
    words.insert(words.end(), {"--out", out});
    const auto got = experiment(words);
    EXPECT_EQ(got.status, 2);
    EXPECT_EQ(got.out, "");
    return got.err;
  };
  EXPECT_EQ(refused({}), "actfn: [experiment] name experiments, all, or list\n");
  EXPECT_EQ(refused({"minimum"}),
            "actfn: [experiment] there is no 'minimum'; did you mean minima?\n");
  EXPECT_EQ(refused({"minima", "--seeds", "0"}),
            "actfn: [experiment] --seeds must be from 1 to 1000, got 0\n");
  EXPECT_EQ(refused({"minima", "--jobs", "-1"}),
            "actfn: [experiment] --jobs must be from 1 to 1024, or 0 for one per core, got -1\n");
  EXPECT_FALSE(fs::exists(out));
}

// A program without its helper says so before it measures anything.
TEST(ExperimentCommand, NeedsRsvgConvert) {
  const TemporaryDirectory directory;
  auto what = program({"experiment", "minima", "--out", directory / "out"});
  what.environment = {"PATH=/nowhere"};
  const auto got = run(what);
  EXPECT_EQ(got.status, 1);
  EXPECT_EQ(got.err, "actfn: [experiment] rsvg-convert not found: install librsvg2-bin\n");
  EXPECT_FALSE(fs::exists(directory / "out"));
}

// Killed at different moments and gone on with, a run ends with the files of an undisturbed one.
TEST(ExperimentCommand, KilledAndResumedGivesTheSameFiles) {
  const TemporaryDirectory directory;
  const std::vector<std::string> names = {"minima", "vanishing-gradient", "--quick"};
  const auto words = [&](const fs::path& out, bool resume) {
    auto all = names;
    all.insert(all.end(), {"--jobs", "2", "--out", out});
    if (resume) all.emplace_back("--resume");
    return all;
  };
  ASSERT_EQ(experiment(words(directory / "whole", false)).status, 0);
  const fs::path out = directory / "killed";
  for (int i = 0; i < 20; ++i) {
    auto all = words(out, true);
    all.insert(all.begin(), "experiment");
    Subprocess running(program(all));
    std::this_thread::sleep_for(std::chrono::milliseconds(20 + 37 * i % 200));
    running.send(SIGKILL);
    running.wait();
  }
  const auto got = experiment(words(out, true));
  ASSERT_EQ(got.status, 0) << got.err;
  EXPECT_EQ(files_without_seconds(out), files_without_seconds(directory / "whole"));
}

}  // namespace
}  // namespace actfn::testing
