// SPDX-License-Identifier: Apache-2.0
// Our functions beside PyTorch's: the cases kept with the project, or those of the file that
// ACTFN_CASES names; a report is written to the file that ACTFN_CASES_REPORT names.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>

#include "conformance/pytorch/families.h"
#include "conformance/pytorch/rules.h"

namespace actfn::conformance {
namespace {

std::vector<std::filesystem::path> case_files() {
  if (const char* given = std::getenv("ACTFN_CASES")) return {given};
  const std::filesystem::directory_iterator kept(std::filesystem::path(ACTFN_SOURCE_DIR) /
                                                 "tests/conformance/pytorch/cases");
  return {begin(kept), end(kept)};
}

void write_report(const CaseFile& file, const Report& report) {
  const char* path = std::getenv("ACTFN_CASES_REPORT");
  if (path == nullptr) return;
  nlohmann::json all = {{"torch", file.torch}, {"groups", report.json()}};
  for (const Rule& rule : rules()) all["rules"][rule.name] = rule.reason;
  std::ofstream(path) << all.dump(1) << '\n';
}

TEST(Pytorch, EveryDifferenceIsExplained) {
  Report report;
  std::size_t cases = 0;
  for (const auto& path : case_files()) {
    const CaseFile file = read_cases(path);
    for (const Case& c : file.cases) {
      SCOPED_TRACE("case " + c.id + ", " + c.spec);
      ASSERT_NO_THROW(report.add(c, run(c)));
    }
    cases += file.cases.size();
    write_report(file, report);
  }
  EXPECT_GT(cases, 0U);
  EXPECT_EQ(report.cases(), cases);
  EXPECT_EQ(report.unexplained(), 0U) << report.examples();
}

// The checker can fail: a result that is wrong by its own size, and 1, has no explanation.
TEST(Pytorch, AWrongResultIsFound) {
  for (const auto& path : case_files()) {
    std::size_t found = 0;
    for (const Case& c : read_cases(path).cases) {
      Results results = run(c);
      Block& y = results.begin()->second;
      if (y.size() == 0 || !std::isfinite(y[0])) continue;
      y.buffer.set(y.layout.place(0), y[0] + std::abs(y[0]) + 1);
      Report report;
      report.add(c, results);
      EXPECT_GE(report.unexplained(), c.by_element ? 1U : 0U) << c.id << ", " << c.spec;
      found += report.unexplained();
    }
    EXPECT_GT(found, 0U) << path;
  }
}

}  // namespace
}  // namespace actfn::conformance
