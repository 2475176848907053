// SPDX-License-Identifier: Apache-2.0
// Comparisons that get no memory: an exception, and of files either the old ones or the new ones.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "failing_memory.h"
#include "lab/compare.h"
#include "lab/replace_file.h"
#include "lab/report.h"
#include "lab/results_directory.h"
#include "temporary_directory.h"
#include "toy_files.h"

namespace actfn::lab {
namespace {

namespace fs = std::filesystem;

using testing::Extent;
using testing::fail_each;
using testing::TemporaryDirectory;

CompareSettings settings() {
  CompareSettings s;
  s.activations = {Relu{}, Nonlinearity(nn::parse_layers("prelu+dropout"))};
  s.seeds = {7};
  s.hidden = {4};
  s.epochs = 1;
  return s;
}

Comparison run(const data::Dataset& data) {
  const auto nothing = [](const EpochResult&) {};
  std::vector<Live> live(1);
  return compare(Plan(settings()), data, live, {}, {nothing, nothing});
}

// zlib and the system report a lack of memory in their own words.
template <class F>
auto with_one_error(const F& f) {
  return [&f] {
    try {
      f();
    } catch (const std::runtime_error& error) {
      if (std::string(error.what()).empty()) throw;
      throw std::bad_alloc();
    }
  };
}

void ignore(bool /*threw*/) {}

std::vector<double> losses(const Comparison& comparison) {
  std::vector<double> all;
  for (const EpochResult& e : comparison.epochs) {
    all.insert(all.end(), {e.train.loss, e.validation.value_or(e.train).loss});
  }
  return all;
}

TEST(ComparisonWithoutMemory, ThrowsAndRunsAgain) {
  const data::Dataset data = testing::toy_data(20, 10);
  const std::vector<double> wanted = losses(run(data));
  std::vector<double> got;
  const auto attempt = [&] { got = losses(run(data)); };
  const auto check = [&](bool threw) { EXPECT_TRUE(threw || got == wanted); };
  EXPECT_GT(fail_each(Extent::one, with_one_error(attempt), check), 100);
  EXPECT_EQ(got, wanted);
}

TEST(ReportWithoutMemory, Throws) {
  const Comparison c = run(testing::toy_data(20, 10));
  const std::string wanted = report_html(c, findings(c));
  std::string page;
  const auto attempt = [&] { page = report_html(c, findings(c)); };
  // A stable sort goes on without memory.
  const auto check = [&](bool threw) { EXPECT_TRUE(threw || page == wanted); };
  EXPECT_GT(fail_each(Extent::one, attempt, check), 100);
  EXPECT_EQ(page, wanted);
}

TEST(DataWithoutMemory, AreReadAgain) {
  const TemporaryDirectory directory;
  testing::write_toy_files(directory.path());
  data::Dataset data;
  const auto attempt = [&] { data = data::read(directory.path()); };
  EXPECT_GT(fail_each(Extent::one, with_one_error(attempt), ignore), 10);
  EXPECT_EQ(data.train.bytes, testing::toy_data().train.bytes);
}

std::size_t files_in(const TemporaryDirectory& directory) {
  const fs::directory_iterator all(directory.path());
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

TEST(FilesWithoutMemory, AreOldOrNew) {
  const TemporaryDirectory directory;
  const fs::path file = directory / "results.csv";
  testing::write_file(file, "old");
  const auto attempt = [&] { replace_file("compare", file, "new"); };
  const auto check = [&](bool threw) {
    EXPECT_EQ(testing::read_file(file), threw ? "old" : "new");
    EXPECT_EQ(files_in(directory), 1U);
    testing::write_file(file, "old");
  };
  EXPECT_GT(fail_each(Extent::one, with_one_error(attempt), check), 0);
  EXPECT_EQ(testing::read_file(file), "new");
}

// The epochs of results.csv: what is there is whole.
std::size_t whole_rows(const fs::path& file) {
  const std::string text = testing::read_file(file);
  EXPECT_TRUE(text.empty() || text.ends_with('\n')) << text;
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

// begin() and finish() are left out: nlohmann's JSON ends the process where it gets no memory.
TEST(ResultsWithoutMemory, LoseNoEpochThatWasWritten) {
  const Comparison c = run(testing::toy_data(20, 10));
  std::size_t written = 0;
  for (const Extent extent : {Extent::one, Extent::all_after}) {
    const TemporaryDirectory directory;
    const auto attempt = [&] {
      written = 0;
      ResultsDirectory results(directory.path(), ResultsDirectory::Start::any);
      {
        const testing::MemoryGrace grace;  // it makes JSON
        results.begin(c.settings);
      }
      for (const EpochResult& epoch : c.epochs) {
        results.add(epoch);
        ++written;
      }
    };
    const auto check = [&](bool /*threw*/) {
      const std::size_t rows = whole_rows(directory / "unfinished/results.csv");
      EXPECT_TRUE(written == 0 || rows == written + 1) << rows << " rows";
      for (const auto& entry : fs::directory_iterator(directory.path())) {
        EXPECT_EQ(entry.path().filename(), "unfinished");
        fs::remove_all(entry.path());
      }
    };
    EXPECT_GT(fail_each(extent, with_one_error(attempt), check), 5);
    EXPECT_EQ(whole_rows(directory / "unfinished/results.csv"), c.epochs.size() + 1);
  }
}

}  // namespace
}  // namespace actfn::lab
