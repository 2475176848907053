// The directory of a comparison: nothing finished is lost, nothing is left of what never began.
#include "lab/results_io.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <stdexcept>

#include "messages.h"
#include "temporary_directory.h"

namespace actfn::lab {
namespace {

namespace fs = std::filesystem;

using testing::read_file;
using testing::TemporaryDirectory;
using testing::write_file;

const std::string kFiles[] = {"results.csv", "results.json", "report.html"};

std::string message(const std::function<void()>& f) {
  return testing::message<std::runtime_error>(f);
}

const std::vector<Nonlinearity> kActivations = {Relu{}, Threshold{0.1, 20}};

EpochResult epoch(std::size_t activation) { return {activation, 1, 1, 0.5, 0.8, 0.6, 0.7, 2}; }

Comparison comparison() {
  Comparison c;
  c.settings.activations = kActivations;
  c.settings.seeds = {1};
  c.settings.epochs = 1;
  c.epochs = {epoch(0), epoch(1)};
  return c;
}

class Results : public ::testing::Test {
 protected:
  TemporaryDirectory at;
  fs::path directory = at / "results";
};

TEST_F(Results, RowsAreKeptAtOnce) {
  ResultsDirectory results(directory, kActivations);
  const auto c = comparison();
  for (std::size_t n = 1; n <= c.epochs.size(); ++n) {
    results.add(c.epochs[n - 1]);
    EXPECT_EQ(read_file(directory / "results.csv"),
              csv(std::span(c.epochs).first(n), kActivations));
  }
}

TEST_F(Results, RowsAreOrderedAtTheEnd) {
  ResultsDirectory results(directory, kActivations);
  const auto c = comparison();
  results.add(c.epochs[1]);
  results.add(c.epochs[0]);
  results.finish(c, "<html></html>");
  EXPECT_EQ(read_file(directory / "results.csv"), csv(c.epochs, kActivations));
  EXPECT_EQ(read_file(directory / "results.json"), json(c));
  EXPECT_EQ(read_file(results.report()), "<html></html>");
  EXPECT_EQ(results.report(), directory / "report.html");
}

TEST_F(Results, NoOtherFilesAreLeft) {
  {
    ResultsDirectory results(directory, kActivations);
    results.add(comparison().epochs[0]);
    results.finish(comparison(), "<html></html>");
  }
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory))
    names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names, (std::vector<std::string>{"report.html", "results.csv", "results.json"}));
}

// Nobody loses yesterday's run by a run that never finished an epoch.
TEST_F(Results, EarlierFilesStayUntilTheFirstEpoch) {
  fs::create_directory(directory);
  for (const auto& name : kFiles) write_file(directory / name, "earlier");
  ResultsDirectory results(directory, kActivations);
  for (const auto& name : kFiles) EXPECT_EQ(read_file(directory / name), "earlier");
  results.add(comparison().epochs[0]);
  EXPECT_EQ(read_file(directory / "results.csv"),
            csv(std::vector{comparison().epochs[0]}, kActivations));
  EXPECT_FALSE(fs::exists(directory / "results.json"));
  EXPECT_FALSE(fs::exists(directory / "report.html"));
}

TEST_F(Results, WhatWasMadeForNothingIsRemoved) {
  for (const auto* name : {"results", "results/", "one/two/three", "one/two/"}) {
    {
      const ResultsDirectory results(at / name, kActivations);
      EXPECT_TRUE(fs::is_directory(at / name));
    }
    EXPECT_TRUE(fs::is_empty(at.path())) << name;
    fs::remove_all(at / "one");
  }
}

TEST_F(Results, WhatWasThereIsNotRemoved) {
  fs::create_directory(directory);
  { const ResultsDirectory results(directory, kActivations); }
  EXPECT_TRUE(fs::is_directory(directory));
  { const ResultsDirectory results(directory / "new", kActivations); }
  EXPECT_TRUE(fs::is_directory(directory));
  EXPECT_TRUE(fs::is_empty(directory));
}

TEST_F(Results, WhatHoldsResultsIsNotRemoved) {
  ResultsDirectory(directory, kActivations).add(comparison().epochs[0]);
  EXPECT_TRUE(fs::exists(directory / "results.csv"));
}

TEST_F(Results, AFileInItsPlaceIsNamed) {
  write_file(directory, "");
  const std::string begin = "[compare] cannot create ";
  const std::string end = ": it exists and is not a directory";
  EXPECT_EQ(message([&] { const ResultsDirectory results(directory, kActivations); }),
            begin + directory.string() + end);
  const auto text =
      message([&] { const ResultsDirectory results(directory / "new", kActivations); });
  EXPECT_TRUE(text.starts_with(begin + (directory / "new").string() + ": ")) << text;
}

TEST_F(Results, ADirectoryInPlaceOfAFileIsNamed) {
  for (const auto& name : kFiles) {
    fs::create_directories(directory / name);
    EXPECT_EQ(message([&] { const ResultsDirectory results(directory, kActivations); }),
              "[compare] cannot write " + (directory / name).string() + ": Is a directory");
    fs::remove(directory / name);
  }
}

// Linux: a disk that is always full.
TEST_F(Results, AFullDiskIsNamed) {
  if (!fs::is_character_file("/dev/full")) GTEST_SKIP() << "there is no /dev/full";
  fs::create_directory(directory);
  fs::create_symlink("/dev/full", directory / "results.csv");
  ResultsDirectory results(directory, kActivations);
  EXPECT_EQ(message([&] { results.add(comparison().epochs[0]); }),
            "[compare] cannot write " + (directory / "results.csv").string() +
                ": No space left on device");
}

}  // namespace
}  // namespace actfn::lab
