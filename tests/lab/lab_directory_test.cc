// SPDX-License-Identifier: Apache-2.0
// The directory of a comparison: nothing finished is lost, nothing is left of what never began.
#include "lab/results_directory.h"
#include "lab/results_io.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

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

EpochResult epoch(std::size_t activation) {
  return {activation, 1, 0.001, 1, {0.5, 0.8}, {}, Score{0.6, 0.7}, 2, {}};
}

Comparison comparison() {
  Comparison c;
  c.settings.activations = kActivations;
  c.settings.seeds = {1};
  c.settings.epochs = 1;
  c.epochs = {epoch(0), epoch(1)};
  return c;
}

// One that has begun, whatever is there.
struct Directory : ResultsDirectory {
  explicit Directory(const fs::path& directory, Start start = Start::any)
      : ResultsDirectory(directory, start) {
    begin(comparison().settings);
  }
};

class Results : public ::testing::Test {
 protected:
  TemporaryDirectory at;
  fs::path directory = at / "results";

  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& entry : fs::directory_iterator(directory)) {
      all.push_back(entry.path().filename());
    }
    std::sort(all.begin(), all.end());
    return all;
  }
};

TEST_F(Results, RowsAreKeptAtOnce) {
  Directory results(directory);
  const auto c = comparison();
  for (std::size_t n = 1; n <= c.epochs.size(); ++n) {
    results.add(c.epochs[n - 1]);
    EXPECT_EQ(read_file(directory / "unfinished" / "results.csv"),
              csv(std::span(c.epochs).first(n), kActivations));
  }
}

TEST_F(Results, RowsAreOrderedAtTheEnd) {
  Directory results(directory);
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
    Directory results(directory);
    results.add(comparison().epochs[0]);
    results.finish(comparison(), "<html></html>");
  }
  EXPECT_EQ(names(), (std::vector<std::string>{"report.html", "results.csv", "results.json"}));
}

TEST_F(Results, EarlierFilesStayUntilTheEnd) {
  fs::create_directory(directory);
  for (const auto& name : kFiles) write_file(directory / name, "earlier");
  {
    Directory results(directory);
    for (const auto& epoch : comparison().epochs) results.add(epoch);
    for (const auto& name : kFiles) EXPECT_EQ(read_file(directory / name), "earlier");
    results.finish(comparison(), "<html></html>");
    for (const auto& name : kFiles) EXPECT_NE(read_file(directory / name), "earlier");
  }
  EXPECT_EQ(names(), (std::vector<std::string>{"report.html", "results.csv", "results.json"}));
}

TEST_F(Results, ResultsAreNotOverwrittenUnlessAsked) {
  Directory(directory).finish(comparison(), "first");
  using Start = ResultsDirectory::Start;
  EXPECT_EQ(testing::message([&] { const Directory second(directory, Start::empty); }),
            "[compare] " + directory.string() +
                " has results already: add to them with --add, go on with --resume, or take "
                "another directory");
  EXPECT_EQ(read_file(directory / "report.html"), "first");
  EXPECT_EQ(names(), (std::vector<std::string>{"report.html", "results.csv", "results.json"}));
}

TEST_F(Results, TheSettingsAreThereBeforeTheRows) {
  Directory results(directory);
  results.add(comparison().epochs[0]);
  EXPECT_EQ(read_file(directory / "unfinished" / "settings.json"),
            settings_json(comparison().settings));
  results.finish(comparison(), "<html></html>");
  EXPECT_FALSE(fs::exists(directory / "settings.json"));
}

TEST_F(Results, WhatARunGoesOnWithIsRemovedAtItsEnd) {
  Directory(directory).add(comparison().epochs[0]);
  fs::create_directories(directory / "unfinished-7");
  write_file(directory / "unfinished-7" / "results.csv", "of another run\n");
  {
    Directory results(directory);
    EXPECT_EQ(results.earlier_runs(),
              (std::vector<fs::path>{directory / "unfinished", directory / "unfinished-7"}));
    results.begin(comparison().settings, {directory / "unfinished"});
    results.finish(comparison(), "<html></html>");
  }
  EXPECT_EQ(names(), (std::vector<std::string>{"report.html", "results.csv", "results.json",
                                               "unfinished-7"}));
}

TEST_F(Results, AnInterruptedRunTakesNothingFromAnother) {
  Comparison c = comparison();
  c.interrupted = true;
  Directory(directory).finish(c, "first");
  EXPECT_EQ(read_file(directory / "report.html"), "first");
  Directory second(directory);
  second.finish(c, "second");
  EXPECT_EQ(read_file(directory / "report.html"), "first");
  EXPECT_EQ(second.report(), directory / "unfinished" / "report.html");
  EXPECT_EQ(read_file(second.report()), "second");
}

TEST_F(Results, TheRowsOfAKilledRunStay) {
  fs::create_directories(directory / "unfinished");
  write_file(directory / "unfinished" / "results.csv", "rows\npart");
  write_file(directory / "unfinished" / ".actfn-12-0.tmp", "part");
  write_file(directory / "unfinished" / "mine.tmp", "kept");
  fs::create_directories(directory / "unfinished-2");
  Directory(directory).finish(comparison(), "<html></html>");
  EXPECT_EQ(read_file(directory / "unfinished" / "results.csv"), "rows\n");
  EXPECT_FALSE(fs::exists(directory / "unfinished" / ".actfn-12-0.tmp"));
  EXPECT_TRUE(fs::exists(directory / "unfinished" / "mine.tmp"));
  EXPECT_FALSE(fs::exists(directory / "unfinished-2"));
}

TEST_F(Results, ARunThatWasKilledWithinItsHeadingLeavesNothing) {
  const fs::path killed = directory / "unfinished-2";
  fs::create_directories(killed);
  write_file(killed / "results.csv", "activation,se");
  write_file(killed / "settings.json", "{}");
  Directory(directory).finish(comparison(), "<html></html>");
  EXPECT_FALSE(fs::exists(killed));
}

TEST_F(Results, WhatAUserPutsBesideTheRowsStays) {
  Directory results(directory);
  write_file(directory / "unfinished" / "notes", "kept");
  results.finish(comparison(), "<html></html>");
  EXPECT_EQ(read_file(directory / "unfinished" / "notes"), "kept");
  EXPECT_EQ(results.report(), directory / "report.html");
}

TEST_F(Results, OneRunAtATime) {
  {
    const Directory first(directory);
    EXPECT_EQ(message([&] { const Directory second(directory); }),
              "[compare] another comparison is using " + directory.string());
  }
  const Directory third(directory);
  const Directory elsewhere(at / "elsewhere");
}

TEST_F(Results, ALockOfAKilledRunIsNone) {
  fs::create_directory(directory);
  write_file(directory / ".actfn-lock", "");
  Directory(directory).finish(comparison(), "<html></html>");
  EXPECT_EQ(names(), (std::vector<std::string>{"report.html", "results.csv", "results.json"}));
}

TEST_F(Results, AFreshDirectoryIsNobodyElses) {
  for (const std::string name : {"results", "results-2", "results-3"}) {
    Directory results(directory, ResultsDirectory::Start::fresh);
    results.finish(comparison(), name);
    EXPECT_EQ(results.report(), at / name / "report.html");
  }
  EXPECT_EQ(read_file(directory / "report.html"), "results");
}

TEST_F(Results, NoSymbolicLinkIsFollowed) {
  fs::create_directory(directory);
  write_file(at / "precious", "kept");
  for (const char* name : {"unfinished", ".actfn-lock", "results.csv"}) {
    fs::create_symlink(at / "precious", directory / name);
  }
  EXPECT_EQ(message([&] { const Directory results(directory); }),
            "[compare] cannot write " + (directory / ".actfn-lock").string() +
                ": Too many levels of symbolic links");
  fs::remove(directory / ".actfn-lock");
  Directory(directory).finish(comparison(), "<html></html>");
  EXPECT_FALSE(fs::is_symlink(directory / "results.csv"));
  EXPECT_EQ(read_file(at / "precious"), "kept");
}

TEST_F(Results, WhatWasMadeForNothingIsRemoved) {
  for (const auto* name : {"results", "results/", "one/two/three", "one/two/"}) {
    {
      const Directory results(at / name);
      EXPECT_TRUE(fs::is_directory(at / name));
    }
    EXPECT_TRUE(fs::is_empty(at.path())) << name;
    fs::remove_all(at / "one");
  }
}

TEST_F(Results, WhatWasThereIsNotRemoved) {
  fs::create_directory(directory);
  { const Directory results(directory); }
  EXPECT_TRUE(fs::is_directory(directory));
  { const Directory results(directory / "new"); }
  EXPECT_TRUE(fs::is_directory(directory));
  EXPECT_TRUE(fs::is_empty(directory));
}

TEST_F(Results, WhatHoldsResultsIsNotRemoved) {
  Directory(directory).add(comparison().epochs[0]);
  EXPECT_TRUE(fs::exists(directory / "unfinished" / "results.csv"));
}

TEST_F(Results, AFileInItsPlaceIsNamed) {
  write_file(directory, "");
  const std::string begin = "[compare] cannot create ";
  const std::string end = ": it exists and is not a directory";
  EXPECT_EQ(message([&] { const Directory results(directory); }), begin + directory.string() + end);
  const auto text = message([&] { const Directory results(directory / "new"); });
  EXPECT_TRUE(text.starts_with(begin + (directory / "new").string() + ": ")) << text;
}

TEST_F(Results, ADirectoryInPlaceOfAFileIsNamed) {
  for (const auto& name : kFiles) {
    fs::create_directories(directory / name);
    EXPECT_EQ(message([&] { const Directory results(directory); }),
              "[compare] cannot write " + (directory / name).string() + ": Is a directory");
    fs::remove(directory / name);
  }
}

// Files beyond a limit are refused as on a full disk, and a row is whole or not there.
TEST_F(Results, AFullDiskIsNamed) {
  Directory results(directory);
  results.add(comparison().epochs[0]);
  const fs::path file = directory / "unfinished" / "results.csv";
  const std::string whole = read_file(file);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = signal(SIGXFSZ, SIG_IGN);
  const rlimit full = {whole.size() + 10, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &full), 0);
  EXPECT_EQ(message([&] { results.add(comparison().epochs[1]); }),
            "[compare] cannot write " + file.string() + ": File too large");
  setrlimit(RLIMIT_FSIZE, &before);
  signal(SIGXFSZ, handler);
  EXPECT_EQ(read_file(file), whole);
}

}  // namespace
}  // namespace actfn::lab
