// SPDX-License-Identifier: Apache-2.0
// What a user keeps of runs that end early, and of runs side by side.
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <thread>

#include "subprocess.h"
#include "temporary_directory.h"
#include "toy_files.h"

namespace actfn::testing {
namespace {

namespace fs = std::filesystem;

const Words kResults = {"figures", "probes.csv", "report.html", "results.csv", "results.json"};

std::size_t rows_of(const fs::path& csv) {
  const std::size_t all = lines(read_file(csv)).size();
  return all == 0 ? 0 : all - 1;
}

class Killed : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directory(directory / "data");
    write_toy_files(directory / "data");
  }

  Invocation compare(const std::string& epochs, const Words& more) const {
    Words all = {
        "compare",  "--data", directory / "data", "--hidden", "8", "--jobs", "2", "--threads", "1",
        "--epochs", epochs,   "--activations",    "relu,gelu"};
    all.insert(all.end(), more.begin(), more.end());
    auto what = program(all);
    what.directory = directory.path();
    return what;
  }
  Invocation compare(const std::string& epochs) const { return compare(epochs, {"--out", out}); }
  // --resume, or --add.
  Invocation goes_on(const std::string& how) const {
    auto what = program({"compare", how, "--out", out, "--jobs", "2", "--threads", "1"});
    what.directory = directory.path();
    return what;
  }
  // One that lasts until it is stopped.
  Invocation endless() const { return compare("10000000"); }

  static ::testing::AssertionResult has_rows(const fs::path& csv, std::size_t count) {
    for (int i = 0; i < 6000; ++i) {
      if (rows_of(csv) >= count) return ::testing::AssertionSuccess();
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return ::testing::AssertionFailure() << "no " << count << " rows within a minute";
  }

  // In all of the directories of killed runs.
  ::testing::AssertionResult have_rows(std::size_t count) const {
    for (int i = 0; i < 6000; ++i) {
      std::size_t rows = 0;
      for (const auto* name : {"unfinished", "unfinished-2", "unfinished-3"}) {
        rows += rows_of(out / name / "results.csv");
      }
      if (rows >= count) return ::testing::AssertionSuccess();
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return ::testing::AssertionFailure() << "no " << count << " rows in all";
  }

  static Words names(const fs::path& folder) {
    Words all;
    for (const auto& entry : fs::directory_iterator(folder)) all.push_back(entry.path().filename());
    std::sort(all.begin(), all.end());
    return all;
  }

  void expect_whole(const fs::path& folder, std::size_t rows) const {
    EXPECT_EQ(rows_of(folder / "results.csv"), rows);
    EXPECT_EQ(nlohmann::json::parse(read_file(folder / "results.json")).at("epochs").size(), rows);
    EXPECT_TRUE(read_file(folder / "report.html").ends_with("</html>\n"));
  }

  TemporaryDirectory directory;
  fs::path out = directory / "out";
  fs::path unfinished = out / "unfinished";
};

TEST_F(Killed, ASignalKeepsTheFinishedEpochs) {
  for (const int signal : {SIGINT, SIGTERM}) {
    fs::remove_all(out);
    Subprocess process(endless());
    ASSERT_TRUE(has_rows(unfinished / "results.csv", 4));
    process.send(signal);
    const auto got = process.wait();
    EXPECT_EQ(got.status, 128 + signal) << got.err;
    expect_whole(out, rows_of(out / "results.csv"));
    EXPECT_GE(rows_of(out / "results.csv"), 4U);
    EXPECT_EQ(nlohmann::json::parse(read_file(out / "results.json")).at("interrupted"), true);
    EXPECT_EQ(names(out), kResults);
    EXPECT_NE(got.out.find("interrupted"), std::string::npos) << got.out;
  }
}

// All but the seconds.
Words numbers(const fs::path& csv) {
  Words all = lines(read_file(csv));
  static const std::regex seconds(R"re(,\d+\.\d{4}(,[^,]*,[^,]*,[^,]*)$)re");
  for (auto& line : all) line = std::regex_replace(line, seconds, "$1");
  return all;
}

// Names and contents.
std::map<std::string, std::string> files_in(const fs::path& folder) {
  std::map<std::string, std::string> all;
  for (const auto& entry : fs::directory_iterator(folder)) {
    all.emplace(entry.path().filename(), read_file(entry.path()));
  }
  return all;
}

TEST_F(Killed, ResultsAreNotOverwritten) {
  ASSERT_EQ(run(compare("1")).status, 0);
  const std::string report = read_file(out / "report.html");
  expect_error(run(compare("2")), kUsage, {"has results already", "--add", "--resume"});
  EXPECT_EQ(read_file(out / "report.html"), report);
  EXPECT_EQ(names(out), kResults);
}

// The moments lie before, among and after the first rows; the run is killed while it goes on, too.
TEST_F(Killed, AKilledRunGoesOnToTheSameRows) {
  const Words more = {"--seeds", "3", "--epochs", "150", "--save"};
  Words whole = more;
  whole.insert(whole.end(), {"--out", directory / "whole"});
  ASSERT_EQ(run(compare("1", whole)).status, 0);
  Words with_weights = kResults;
  with_weights.emplace_back("weights");
  Words killed = more;
  killed.insert(killed.end(), {"--out", out});
  for (const std::size_t rows : {1U, 200U, 320U}) {
    SCOPED_TRACE(rows);
    Subprocess process(rows == 1 ? compare("1", killed) : goes_on("--resume"));
    ASSERT_TRUE(have_rows(rows));
    process.send(SIGKILL);
    process.wait();
  }
  const auto got = run(goes_on("--resume"));
  ASSERT_EQ(got.status, 0) << got.err;
  EXPECT_EQ(numbers(out / "results.csv"), numbers(directory / "whole" / "results.csv"));
  EXPECT_EQ(read_file(out / "probes.csv"), read_file(directory / "whole" / "probes.csv"));
  EXPECT_EQ(names(out), with_weights);
  EXPECT_EQ(files_in(out / "weights"), files_in(directory / "whole" / "weights"));
  EXPECT_EQ(files_in(out / "weights").size(), 6U);
  EXPECT_EQ(files_in(out / "figures"), files_in(directory / "whole" / "figures"));
  // There is nothing left to do, and nothing is lost by asking again.
  EXPECT_EQ(run(goes_on("--resume")).status, 0);
  EXPECT_EQ(read_file(out / "probes.csv"), read_file(directory / "whole" / "probes.csv"));
  EXPECT_EQ(numbers(out / "results.csv"), numbers(directory / "whole" / "results.csv"));
}

TEST_F(Killed, AStoppedRunGoesOn) {
  Subprocess process(compare("100000", {"--out", out}));
  ASSERT_TRUE(has_rows(unfinished / "results.csv", 4));
  process.send(SIGINT);
  process.wait();
  Subprocess again(goes_on("--resume"));
  ASSERT_TRUE(has_rows(unfinished / "results.csv", 1));
  again.send(SIGINT);
  const auto got = again.wait();
  EXPECT_EQ(got.status, 128 + SIGINT) << got.err;
  EXPECT_NE(got.out.find("interrupted"), std::string::npos) << got.out;
}

TEST_F(Killed, AddingGivesTheRowsOfARunInOneGo) {
  ASSERT_EQ(run(compare("2")).status, 0);
  auto more = goes_on("--add");
  more.arguments.insert(more.arguments.end(), {"--activations", "tanh,relu", "--seeds", "3"});
  const auto got = run(more);
  ASSERT_EQ(got.status, 0) << got.err;
  // Only what was missing was trained: all of tanh, and two seeds of the others, two epochs each.
  EXPECT_EQ(lines(got.err).size(), 2U * (3 + 2 * 2)) << got.err;
  const Words go = {"--out", directory / "whole", "--activations", "tanh", "--seeds", "3"};
  ASSERT_EQ(run(compare("2", go)).status, 0);
  EXPECT_EQ(numbers(out / "results.csv"), numbers(directory / "whole" / "results.csv"));
  EXPECT_EQ(read_file(out / "probes.csv"), read_file(directory / "whole" / "probes.csv"));
}

TEST_F(Killed, ReportsAreMerged) {
  const auto part = [&](const std::string& name, const std::string& seeds,
                        const std::string& epochs) {
    return run(compare(epochs, {"--out", directory / name, "--seeds", seeds})).status;
  };
  ASSERT_EQ(part("a", "1,2", "2"), 0);
  ASSERT_EQ(part("b", "3,", "2"), 0);
  ASSERT_EQ(part("c", "1,", "3"), 0);
  ASSERT_EQ(part("whole", "1,2,3", "2"), 0);
  const auto merged =
      run(program({"report", directory / "a", directory / "b", "--out", directory / "both"}));
  ASSERT_EQ(merged.status, 0) << merged.err;
  EXPECT_EQ(numbers(directory / "both" / "results.csv"),
            numbers(directory / "whole" / "results.csv"));
  expect_whole(directory / "both", rows_of(directory / "whole" / "results.csv"));
  EXPECT_EQ(read_file(directory / "both" / "probes.csv"),
            read_file(directory / "whole" / "probes.csv"));
  expect_error(run(program({"report", directory / "a", directory / "c", "--out", out})), kFailure,
               {"[report]", directory / "c", "epochs is 3, not 2", directory / "a"});
  expect_error(run(program({"report", directory / "data", "--out", out})), kFailure,
               {directory / "data", "results.csv"});
  EXPECT_FALSE(fs::exists(out));
}

TEST_F(Killed, WhatGoesOnTakesItsSettingsFromTheRun) {
  ASSERT_EQ(run(compare("1")).status, 0);
  auto what = goes_on("--resume");
  what.arguments.insert(what.arguments.end(), {"--epochs", "9"});
  expect_error(run(what), kUsage, {"[compare] --resume takes --epochs from", out});
  expect_error(run(program({"compare", "--resume"})), kUsage, {"--resume needs --out"});
  expect_error(run(program({"compare", "--resume", "--add", "--out", out})), kUsage, {"exclude"});
  expect_error(run(program({"compare", "--resume", "--out", directory / "data"})), kFailure,
               {"no run to go on with", directory / "data"});
}

// Somebody has edited the files of a run.
TEST_F(Killed, DamagedResultsAreNamed) {
  ASSERT_EQ(run(compare("1")).status, 0);
  const std::string csv = read_file(out / "results.csv");
  const std::string json = read_file(out / "results.json");
  const auto refuses = [&](const Words& words) {
    expect_error(run(program({"report", out, "--out", directory / "x"})), kFailure, words);
  };
  write_file(out / "results.csv", csv + "relu,x,0.001,1,1,1,1,1,1,1,1,,,\n");
  refuses({"results.csv", "seed", "'x'"});
  write_file(out / "results.csv", csv + "tanh,1,0.001,1,1,1,1,1,1,1,1,,,\n");
  refuses({"results.csv", "'tanh'"});
  write_file(out / "results.csv", csv + "relu,1\n");
  refuses({"results.csv"});
  write_file(out / "results.csv", csv);
  write_file(out / "results.json", json.substr(0, json.size() / 2));
  refuses({"results.json", "is not JSON"});
  write_file(out / "results.json", "{}");
  refuses({"results.json"});
}

TEST_F(Killed, APlotIsOldOrNew) {
  const auto plot = program({"plot", "relu", "gelu", "-o", out / "x.svg"});
  fs::create_directory(out);
  const auto first = run(plot);
  if (first.err.find("gnuplot not found") != std::string::npos) GTEST_SKIP() << first.err;
  const std::string drawing = read_file(out / "x.svg");
  for (const int milliseconds : {0, 5, 20, 60}) {
    Subprocess process(plot);
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    process.send(SIGKILL);
    process.wait();
    EXPECT_EQ(read_file(out / "x.svg"), drawing);
  }
  EXPECT_EQ(run(plot).status, 0);
  EXPECT_EQ(names(out), Words{"x.svg"});
}

TEST_F(Killed, TwoRunsAtOnceGetTwoDirectories) {
  Subprocess first(compare("1", {}));
  Subprocess second(compare("1", {}));
  EXPECT_EQ(first.wait().status, 0);
  EXPECT_EQ(second.wait().status, 0);
  Words all = names(directory.path());
  std::erase_if(all, [](const auto& name) { return !name.starts_with("actfn-compare-"); });
  ASSERT_EQ(all.size(), 2U);
  for (const auto& name : all) expect_whole(directory / name, 4);  // with epoch 0
}

TEST_F(Killed, ADirectoryInUseIsNamed) {
  Subprocess first(endless());
  ASSERT_TRUE(has_rows(unfinished / "results.csv", 1));
  expect_error(run(compare("1")), kFailure, {"[compare] another comparison is using", out});
  first.send(SIGKILL);
  first.wait();
  EXPECT_EQ(run(compare("1")).status, 0);
}

// Standard error is what `2>&1 | head` leaves of it.
TEST_F(Killed, AReaderOfStandardErrorWhoLeavesEndsNothing) {
  for (auto what : {compare("2"), program({"bench", "relu", "--n", "10"})}) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    close(ends[0]);
    what.err = ends[1];
    const auto got = run(what);
    close(ends[1]);
    EXPECT_EQ(got.status, 0);
    EXPECT_NE(got.out.find("relu"), std::string::npos) << got.out;
  }
  expect_whole(out, 6);
}

}  // namespace
}  // namespace actfn::testing
