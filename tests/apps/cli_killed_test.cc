// SPDX-License-Identifier: Apache-2.0
// What a user keeps of runs that end early, and of runs side by side.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "subprocess.h"
#include "temporary_directory.h"
#include "toy_files.h"

namespace actfn::testing {
namespace {

namespace fs = std::filesystem;

const Words kResults = {"report.html", "results.csv", "results.json"};

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
  // One that lasts until it is stopped.
  Invocation endless() const { return compare("10000000"); }

  static ::testing::AssertionResult has_rows(const fs::path& csv, std::size_t count) {
    for (int i = 0; i < 6000; ++i) {
      if (rows_of(csv) >= count) return ::testing::AssertionSuccess();
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return ::testing::AssertionFailure() << "no " << count << " rows within a minute";
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

TEST_F(Killed, ASignalTakesNothingFromAnEarlierRun) {
  ASSERT_EQ(run(compare("1")).status, 0);
  const std::string report = read_file(out / "report.html");
  Subprocess process(endless());
  ASSERT_TRUE(has_rows(unfinished / "results.csv", 4));
  process.send(SIGINT);
  const auto got = process.wait();
  EXPECT_EQ(got.status, 128 + SIGINT) << got.err;
  EXPECT_NE(got.out.find(unfinished / "report.html"), std::string::npos) << got.out;
  expect_whole(out, 2);
  EXPECT_EQ(read_file(out / "report.html"), report);
  expect_whole(unfinished, rows_of(unfinished / "results.csv"));
}

// The moments lie before, among and after the first rows.
TEST_F(Killed, KillAndTheSameCommandAgain) {
  ASSERT_EQ(run(compare("1")).status, 0);
  const std::string report = read_file(out / "report.html");
  for (const std::size_t rows : {0U, 1U, 2U, 5U}) {
    SCOPED_TRACE(rows);
    fs::remove_all(unfinished);
    Subprocess process(endless());
    ASSERT_TRUE(has_rows(unfinished / "results.csv", rows));
    process.send(SIGKILL);
    EXPECT_EQ(process.wait().status, 128 + SIGKILL);
    EXPECT_GE(rows_of(unfinished / "results.csv"), rows);
    EXPECT_EQ(read_file(out / "report.html"), report);
    expect_whole(out, 2);
  }
  const std::string killed = read_file(unfinished / "results.csv");
  ASSERT_EQ(run(compare("3")).status, 0);
  expect_whole(out, 6);
  Words all = kResults;
  all.emplace_back("unfinished");
  EXPECT_EQ(names(out), all);
  EXPECT_EQ(names(unfinished), Words{"results.csv"});
  EXPECT_EQ(read_file(unfinished / "results.csv"), killed);
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
  for (const auto& name : all) expect_whole(directory / name, 2);
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
  expect_whole(out, 4);
}

}  // namespace
}  // namespace actfn::testing
